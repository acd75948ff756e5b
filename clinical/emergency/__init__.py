"""Emergency access: asked for with facts, read under a clock, reviewed by somebody else."""
