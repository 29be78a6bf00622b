"""Study sessions: from a topic and a length of time to a plan whose every line is traceable."""
