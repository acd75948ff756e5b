"""What a program's whole duty team works from: about nobody by name, or of people before they have a care team."""
