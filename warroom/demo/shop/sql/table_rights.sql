-- An operator corrects prices, and nothing else.
GRANT SELECT ON products, orders, payments TO monitor, operator;
GRANT UPDATE (cents) ON products TO operator;
