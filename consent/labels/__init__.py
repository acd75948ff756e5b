"""What a code says about a person: the product's own value sets, in pure Python.

Written from the chapters of ICD-10-CM and ICD-9-CM, the ingredients of RxNorm, and the codes of LOINC and
SNOMED CT that are known here. An exact list is old the day it is made, so families come first (all of F11),
then single codes, and then the words that stand beside a code: they can only add.
"""
