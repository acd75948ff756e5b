"""What is coded about a client: conditions, medicines, results, procedures, allergies."""
