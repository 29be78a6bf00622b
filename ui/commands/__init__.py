"""The commands of `luming`: each module adds its own to the app by ``register``."""
