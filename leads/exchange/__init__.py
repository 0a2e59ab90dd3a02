"""Hand-over of leads between two offices that run this program: each lead is active in one of them.

The sender freezes the lead and offers a signed package; the receiver's commit decides, once for each
package, whether the lead is its own; its signed answer lets the sender close the lead or work on.
"""
