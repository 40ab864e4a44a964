"""Hours of a bad night in half an hour: does anything grow?"""
