"""The models that ship, each in a folder of its own with a model card."""
