"""From the candidates of both searches to one order."""
