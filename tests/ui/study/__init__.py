"""The page 备课 and its live quiz, over HTTP on a real server."""
