"""Mutation testing of the engine and the law: small faults put in one at a time, and does a test notice?

``make mutants`` runs it. The faults are those of mutmut's operators; mutmut's own runner leaves out
everything that is decorated or stands outside a function, and that is what a rule of the law is. So here
each fault is written into its module's source, and a forked process imports that and runs the profile.
"""
