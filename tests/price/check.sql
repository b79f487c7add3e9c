-- Written from the rules alone: none of the program's own SQL. Each claim selects what breaks it, its name first.
CREATE TEMP TABLE granted AS
  SELECT id, code, account, requester, approver, reason, coalesce(decided, requested_on) AS day, coalesce(bundle, 0) AS bundle,
    rebate AS own_rebate, coalesce(rebate, 0) AS rebate, coalesce(freight, 0) AS freight FROM quote WHERE status IN ('approved', 'granted') OR
    (status = 'won' AND EXISTS(SELECT 1 FROM quote_line l WHERE l.quote = quote.id)) OR verdict = 'grant';
CREATE TEMP TABLE item AS
  SELECT g.id AS quote, g.day, l.id, l.qty, l.list_price, l.net_price, l.unit_cost, coalesce(l.freight, 0) AS freight, l.product, p.line FROM granted g
  JOIN quote_line l ON l.quote = g.id LEFT JOIN product p ON p.id = l.product;
CREATE INDEX temp.item_quote ON item(quote);

-- claim: no line below its cost
SELECT 'no line below its cost', quote, id FROM item WHERE NOT coalesce(net_price >= unit_cost AND unit_cost > 0 AND qty > 0, 0);

-- claim: no cost missing or stale
SELECT 'no cost missing or stale', quote, id FROM item i WHERE NOT EXISTS(
  SELECT 1 FROM cost c WHERE c.product = i.product AND c.from_day <= i.day AND julianday(i.day) - julianday(c.from_day) <= 90 AND c.unit_cost <= i.net_price);

-- claim: no grant without lines
SELECT 'no grant without lines', id FROM granted g WHERE NOT EXISTS(SELECT 1 FROM quote_line l WHERE l.quote = g.id);

-- claim: the whole of it not below cost
SELECT 'the whole of it not below cost', g.id FROM granted g JOIN (SELECT quote, sum(net_price * qty) AS net, sum(unit_cost * qty) AS cost, sum(freight) AS freight
  FROM item GROUP BY quote) t ON t.quote = g.id WHERE t.net - g.bundle - g.rebate * (t.net - g.bundle) - g.freight - t.freight < t.cost - 0.5;

-- claim: no line below cost after its part of the whole
SELECT 'no line below cost after its part of the whole', g.id, i.id FROM granted g JOIN item i ON i.quote = g.id
  JOIN (SELECT quote, sum(net_price * qty) AS net FROM item GROUP BY quote) t ON t.quote = g.id
  WHERE (i.net_price * i.qty) * (1 - 1.0 * g.bundle / t.net) * (1 - g.rebate) < i.unit_cost * i.qty - 1;

-- claim: no freight unknown
-- Recorded for the whole or for each line, or the company has said that the customer pays it.
SELECT 'no freight unknown', q.id FROM quote q JOIN granted g ON g.id = q.id WHERE q.freight IS NULL AND EXISTS(SELECT 1 FROM quote_line l WHERE l.quote = q.id
  AND l.freight IS NULL) AND NOT EXISTS(SELECT 1 FROM setting WHERE name = 'freight' AND value = 'customer');

-- claim: no bundle, freight or rebate that makes no sense
SELECT 'no bundle, freight or rebate that makes no sense', id FROM granted WHERE bundle < 0 OR freight < 0 OR rebate < 0 OR rebate >= 1;

-- Ranks: 4 is highest here. What a person may on the day, for accounts of a region.
CREATE TEMP TABLE level(name, rank);
INSERT INTO level VALUES('客户经理', 1), ('地市', 2), ('省', 3), ('总部', 4);
CREATE TEMP TABLE gives AS
  SELECT g.id, g.account, a.region, a.tier, g.reason, g.day, coalesce(g.approver, g.requester) AS who,
    (SELECT sum(max(list_price, coalesce((SELECT unit_price FROM price p WHERE p.product = i.product AND p.from_day <= g.day AND (p.region IS NULL OR p.region = a.region)
       ORDER BY p.region IS NULL LIMIT 1), 0)) * qty) FROM item i WHERE i.quote = g.id) AS list,
    (SELECT sum(net_price * qty) FROM item i WHERE i.quote = g.id) AS net, g.bundle, g.rebate, 0 AS given
  FROM granted g LEFT JOIN account a ON a.id = g.account;
UPDATE gives SET given = list - net + bundle + rebate * (net - bundle);
CREATE TEMP TABLE may AS
  SELECT v.id, max(k.rank) AS rank FROM gives v JOIN staff s ON s.id = v.who OR s.id IN (SELECT staff FROM delegation d WHERE d.deputy = v.who AND d.from_day <= v.day
    AND (d.to_day IS NULL OR d.to_day > v.day)) JOIN level k ON k.name = s.level
  WHERE s.region IS NULL OR s.level = '总部' OR s.region = v.region GROUP BY v.id;
CREATE INDEX temp.may_id ON may(id);
CREATE INDEX temp.gives_account ON gives(account);
CREATE TEMP VIEW fits AS
  SELECT v.id, v.account, k.rank, r.max_percent AS percent, r.max_amount AS amount, r.max_deal AS deal FROM gives v, authority r JOIN level k ON k.name = r.level
  WHERE r.from_day <= v.day AND (r.to_day IS NULL OR r.to_day > v.day) AND (r.region IS NULL OR r.region LIKE '%' || v.region || '%')
    AND (r.tier IS NULL OR r.tier LIKE '%' || v.tier || '%') AND (r.reason IS NULL OR r.reason = v.reason)
    AND (r.product_line IS NULL OR NOT EXISTS(SELECT 1 FROM item i WHERE i.quote = v.id AND (i.line IS NULL OR r.product_line NOT LIKE '%' || i.line || '%')));

-- claim: nobody grants beyond their authority
SELECT 'nobody grants beyond their authority', v.id, v.given, v.list FROM gives v WHERE v.given > 0 AND NOT EXISTS(
  SELECT 1 FROM fits f JOIN may m ON m.id = v.id WHERE f.id = v.id AND f.rank <= m.rank AND v.given <= f.percent * v.list + 1
    AND (f.amount IS NULL OR v.given <= f.amount + 1) AND (f.deal IS NULL OR v.list < f.deal));

-- claim: nobody by splitting either
-- The last of an account to be granted within 30 days saw all of them: the sum is within somebody's rows.
SELECT 'nobody by splitting either', t.account, t.given, t.list FROM (SELECT account, min(day) AS first, max(day) AS last, sum(given) AS given, sum(list) AS list
  FROM gives WHERE account IS NOT NULL GROUP BY account HAVING count(*) > 1 AND julianday(max(day)) - julianday(min(day)) < 30) t
  WHERE t.given > 0 AND NOT EXISTS(SELECT 1 FROM gives v JOIN may m ON m.id = v.id JOIN fits f ON f.id = v.id WHERE v.account = t.account AND f.rank <= m.rank
    AND t.given <= f.percent * t.list + 1 AND (f.amount IS NULL OR t.given <= f.amount + 1) AND (f.deal IS NULL OR t.list < f.deal))
    AND EXISTS(SELECT 1 FROM gives v WHERE v.account = t.account AND v.given > 0);

-- claim: nothing approved that lacks a signature
SELECT 'nothing approved that lacks a signature', q.id FROM quote q JOIN signature g ON g.quote = q.id WHERE q.status IN ('approved', 'granted') AND (g.answer IS NULL OR g.answer = 'no');

-- claim: steps are signed in order
SELECT 'steps are signed in order', g.quote FROM signature g JOIN signature x ON x.quote = g.quote AND x.step < g.step WHERE g.answer = 'yes' AND x.answer IS NULL;
