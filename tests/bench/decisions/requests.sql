-- 20,000 price requests of 2,000 accounts, two lines each, costs a month old; every second has a non-price offer on record.
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO account(id, code, name, region, tier, service_level)
SELECT i, 'C' || i, 'Company ' || i, CASE i % 4 WHEN 0 THEN '上海' WHEN 1 THEN '广东' WHEN 2 THEN '江苏' ELSE '北京' END,
  substr('ABC', i % 3 + 1, 1), CASE WHEN i % 2 THEN 'green' ELSE 'standard' END FROM n;
INSERT INTO staff(id, code, name, level, region)
VALUES (1, 'S1', 'a', '地市', '上海'), (2, 'S2', 'b', '省', '上海'), (3, 'S3', 'c', '客户经理', '上海'), (4, 'S4', 'd', '总部', '北京');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
INSERT INTO product(id, code, name, line)
SELECT i, 'P' || i, 'Product ' || i, CASE i % 3 WHEN 0 THEN '硬件' WHEN 1 THEN '服务' ELSE '软件' END FROM n;
INSERT INTO cost(product, unit_cost, from_day) SELECT id, 600000 + id * 100, '2026-09-20' FROM product;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO quote(id, code, account, requester, status, requested_on)
SELECT i, 'Q' || i, 1 + i * 7919 % 2000, 1 + i % 4, 'requested', '2026-10-20' FROM n;
INSERT INTO quote_line(quote, line_no, product, qty, list_price, net_price, unit_cost)
SELECT q.id, l.no, 1 + (q.id * 31 + l.no) % 200, 5 + q.id * 13 % 40, 1000000,
  1000000 - (q.id * 48271 + l.no * 16807) % 30 * 10000, 600000 + (1 + (q.id * 31 + l.no) % 200) * 100
FROM quote q, (SELECT 1 AS no UNION ALL SELECT 2) l;
INSERT INTO offer(account, quote, kind, made) SELECT account, id, 'training', '2026-10-12' FROM quote WHERE id % 2;
INSERT INTO setting(name, value) VALUES('freight', 'customer');
COMMIT;
