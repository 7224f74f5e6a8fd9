"""The story bank: what a person, recording, story, consent, draft and clip are, their rules, and remembering them."""
