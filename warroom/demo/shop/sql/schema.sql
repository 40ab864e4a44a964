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

-- One row for every order that was placed in the shop; paid_at is set by the provider's event.
CREATE TABLE payments (
    order_id bigint      PRIMARY KEY REFERENCES orders,
    cents    integer     NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    paid_at  timestamptz
);

CREATE INDEX payments_open ON payments (asked_at) WHERE paid_at IS NULL;

-- password_hash is scrypt's, with its salt: see shop/sign_in.py.
CREATE TABLE customers (
    email         text PRIMARY KEY,
    password_hash text NOT NULL
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

-- The orders of the last months, so that the shop is not a new one.
INSERT INTO orders (product_id, quantity, cents, email, ordered_at)
SELECT products.id, 1 + past.n % 3, (1 + past.n % 3) * products.cents,
       'customer' || past.n % 400 || '@shop.example',
       now() - make_interval(mins => 8 * (20000 - past.n))
FROM generate_series(1, 20000) AS past (n)
JOIN products ON products.id = 1 + past.n * 7919 / 13 % 8
ORDER BY past.n;
