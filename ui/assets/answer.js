/* Answers: preview of a citation, copying, files. */
