"""What a question takes for granted, held against what the library says.

``amounts`` reads amounts with their bounds, ``facts`` dates, offices and agents; ``check`` finds
the sentence that says otherwise. A false premise (41个片区) is never answered as if it were true:
the answer says what the library has, with its citation.
"""

from assistant.premises.check import Correction, find_corrections

__all__ = ["Correction", "find_corrections"]
