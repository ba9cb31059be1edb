"""The SPARQL 1.1 Protocol without a web framework: requests, content negotiation, problems, service description."""
