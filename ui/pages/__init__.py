"""Pages, one file each (Gradio Blocks)."""
