CREATE TABLE products (
    id    integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name  text    NOT NULL,
    cents integer NOT NULL CHECK (cents > 0)
);

CREATE TABLE orders (
    id         bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    product_id integer     NOT NULL REFERENCES products,
    quantity   integer     NOT NULL CHECK (quantity BETWEEN 1 AND 20),
    cents      integer     NOT NULL,
    email      text        NOT NULL,
    ordered_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE mails (
    order_id bigint      PRIMARY KEY REFERENCES orders,
    email    text        NOT NULL,
    sent_at  timestamptz NOT NULL DEFAULT now()
);

INSERT INTO products (name, cents) VALUES
    ('Enamel mug',           1400),
    ('Linen notebook',       1150),
    ('Brass pencil',          990),
    ('Desk lamp',            6900),
    ('Wool blanket',         8900),
    ('Cast-iron pan',        5400),
    ('Field radio',         12900),
    ('Canvas bag',           3200);
