"""Files that people send: checked at the door, kept below the home, taken in as a job."""
