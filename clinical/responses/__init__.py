"""How a team answers a call: response models as data, and where and when each is on offer."""
