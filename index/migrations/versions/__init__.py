"""The revisions, in order. What they make is written out, and never changed afterwards."""
