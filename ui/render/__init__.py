"""HTML made of answers and documents. Every text in it is escaped."""
