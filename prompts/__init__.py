"""The words we ask with, as reviewed data files in French and English."""
