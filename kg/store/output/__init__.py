"""What leaves a build: dumps, Turtle, publishing to remote SPARQL stores."""
