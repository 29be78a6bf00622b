"""REST routes and what they share with the page."""
