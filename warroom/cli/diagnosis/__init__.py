"""What ``warroom doctor`` looks at. Findings are data; what asks and what judges are apart."""
