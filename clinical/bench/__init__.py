"""The privacy desk's bench: the engine is asked made-up questions. It opens nothing and reads no client."""
