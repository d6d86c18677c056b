"""The page 引き継ぎ: handoffs from both sides, the meeting they lead to, and what came of it."""
