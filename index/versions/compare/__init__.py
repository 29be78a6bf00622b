"""Two versions of a text side by side: which article became which, and what changed in it.

``articles`` cuts a document into its articles, ``pairing`` finds which belong together,
``words`` marks what changed within a pair, ``comparison`` puts it all into one result.
"""
