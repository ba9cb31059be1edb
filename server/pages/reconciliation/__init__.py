"""The Reconciliation Service API 0.2 at ``/reconcile``, by which OpenRefine and others match names in tables to things of the graph.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""
