-- The rules that planned visits never break, asked of the database alone: sqlite3 -readonly pareto.db <check.sql
-- A line for each breach: rule|visit|what. Nothing of Pareto's is used; ways are worked out here again.
-- Parameters: what playbook visit-plan and rulebook calendar say of who has nothing of his own.
.bail on
CREATE TEMP TABLE par AS SELECT 5 AS a_day, '08:30' AS work_from, '17:30' AS work_to, 40.0 AS kmh, 1.3 AS road;
CREATE TEMP TABLE seen AS -- what a plan put there
  SELECT v.*, CAST(substr(v.begins, 1, 2) AS INTEGER) * 60 + CAST(substr(v.begins, 4) AS INTEGER) AS b,
         CAST(substr(v.ends, 1, 2) AS INTEGER) * 60 + CAST(substr(v.ends, 4) AS INTEGER) AS e
  FROM visit v WHERE v.status IN ('planned', 'fixed', 'moved') AND v.begins IS NOT NULL;
CREATE INDEX temp.seen_staff ON seen(staff, day, b);
CREATE INDEX temp.seen_account ON seen(account, day);
CREATE TEMP TABLE who AS
  SELECT s.id, s.code, s.region, coalesce(s.active, 1) AS active, coalesce(s.visits_a_day, par.a_day) AS most,
         CAST(substr(coalesce(s.work_from, par.work_from), 1, 2) AS INTEGER) * 60 + CAST(substr(coalesce(s.work_from, par.work_from), 4) AS INTEGER) AS sets_out,
         CAST(substr(coalesce(s.work_to, par.work_to), 1, 2) AS INTEGER) * 60 + CAST(substr(coalesce(s.work_to, par.work_to), 4) AS INTEGER) AS back,
         s.weekdays_off AS off, s.start_latitude AS lat, s.start_longitude AS lon,
         coalesce(s.end_latitude, s.start_latitude) AS elat, coalesce(s.end_longitude, s.start_longitude) AS elon
  FROM staff s, par;
CREATE UNIQUE INDEX temp.who_id ON who(id);
CREATE TEMP TABLE given AS SELECT origin, destination, minutes FROM travel GROUP BY origin, destination HAVING id = max(id);
CREATE INDEX temp.given_pair ON given(origin, destination);

-- Every stretch of road: from the start place, between visits, to the end place.
CREATE TEMP TABLE way AS
  SELECT s.id, s.staff, s.day, w.code AS origin, a.code AS destination, w.lat AS lat1, w.lon AS lon1, a.latitude AS lat2, a.longitude AS lon2,
         w.sets_out AS leaves, s.b AS there
  FROM seen s JOIN who w ON w.id = s.staff JOIN account a ON a.id = s.account
  WHERE w.lat IS NOT NULL AND NOT EXISTS(SELECT 1 FROM seen x WHERE x.staff = s.staff AND x.day = s.day AND x.b < s.b)
  UNION ALL
  SELECT s.id, s.staff, s.day, p.code, a.code, p.latitude, p.longitude, a.latitude, a.longitude, x.e, s.b
  FROM seen s JOIN seen x ON x.staff = s.staff AND x.day = s.day AND x.b < s.b JOIN account a ON a.id = s.account JOIN account p ON p.id = x.account
  WHERE NOT EXISTS(SELECT 1 FROM seen y WHERE y.staff = s.staff AND y.day = s.day AND y.b > x.b AND y.b < s.b)
  UNION ALL
  SELECT s.id, s.staff, s.day, a.code, w.code, a.latitude, a.longitude, w.elat, w.elon, s.e, w.back
  FROM seen s JOIN who w ON w.id = s.staff JOIN account a ON a.id = s.account
  WHERE w.lat IS NOT NULL AND NOT EXISTS(SELECT 1 FROM seen x WHERE x.staff = s.staff AND x.day = s.day AND x.b > s.b);

CREATE TEMP VIEW driven AS
  SELECT way.*, CASE WHEN origin = destination OR (lat1 = lat2 AND lon1 = lon2) THEN 0 ELSE coalesce(
           (SELECT minutes FROM given g WHERE g.origin = way.origin AND g.destination = way.destination),
           (SELECT minutes FROM given g WHERE g.origin = way.destination AND g.destination = way.origin),
           2 * 6371.0088 * asin(min(1, sqrt(pow(sin(radians(lat2 - lat1) / 2), 2)
             + cos(radians(lat1)) * cos(radians(lat2)) * pow(sin(radians(lon2 - lon1) / 2), 2)))) * par.road / par.kmh * 60) END AS minutes
  FROM way, par;

SELECT 'one visit an account a day', v.id, a.code || ' ' || v.day FROM seen v JOIN account a ON a.id = v.account
  WHERE EXISTS(SELECT 1 FROM seen x WHERE x.account = v.account AND x.day = v.day AND x.id > v.id
               AND (x.kind IS 'executive') = (v.kind IS 'executive') AND (v.kind IS NOT 'executive' OR x.contact IS v.contact));
SELECT 'nobody in two places', v.id, s.code || ' ' || v.day FROM seen v JOIN staff s ON s.id = v.staff
  WHERE EXISTS(SELECT 1 FROM seen x WHERE x.staff = v.staff AND x.day = v.day AND x.id > v.id AND x.b < v.e AND x.e > v.b);
SELECT 'time for the road', id, origin || ' to ' || destination || ' takes ' || minutes || ' of ' || (there - leaves) || ' min' FROM driven
  WHERE minutes > there - leaves + 0.001; -- ways are whole metres
SELECT 'visits a day', min(v.id), w.code || ' ' || v.day || ': ' || count(*) FROM seen v JOIN who w ON w.id = v.staff
  GROUP BY v.staff, v.day HAVING count(*) > w.most;
SELECT 'day off', v.id, w.code || ' ' || v.day FROM seen v JOIN who w ON w.id = v.staff
  WHERE NOT w.active
     OR NOT coalesce((SELECT works FROM holiday h WHERE h.region = w.region AND h.day = v.day),
                     (SELECT works FROM calendar c WHERE c.day = v.day), strftime('%w', v.day) NOT IN ('0', '6'))
     OR instr(w.off, substr('SunMonTueWedThuFriSat', 1 + 3 * CAST(strftime('%w', v.day) AS INTEGER), 3)) > 0
     OR EXISTS(SELECT 1 FROM absence x WHERE x.staff = v.staff AND x.from_day <= v.day
               AND v.day < coalesce(x.to_day, date(x.from_day, '+1 day')));
SELECT 'no-visit day', v.id, a.code || ' ' || v.day FROM seen v JOIN account a ON a.id = v.account
  WHERE EXISTS(SELECT 1 FROM no_visit x WHERE x.account = v.account AND x.from_day <= v.day
               AND v.day < coalesce(x.to_day, date(x.from_day, '+1 day')));
SELECT 'opening hours', v.id, a.code || ' ' || v.day || ' ' || v.begins || '-' || v.ends FROM seen v JOIN account a ON a.id = v.account
  WHERE v.status = 'planned' AND EXISTS(SELECT 1 FROM opening o WHERE o.account = v.account)
    AND NOT EXISTS(SELECT 1 FROM opening o WHERE o.account = v.account AND o.opens <= v.begins AND o.closes >= v.ends
                   AND coalesce(o.weekday, substr('SunMonTueWedThuFriSat', 1 + 3 * CAST(strftime('%w', v.day) AS INTEGER), 3))
                       = substr('SunMonTueWedThuFriSat', 1 + 3 * CAST(strftime('%w', v.day) AS INTEGER), 3));
SELECT 'owner', v.id, a.code || ' ' || v.day FROM seen v JOIN account a ON a.id = v.account
  WHERE v.status = 'planned' AND v.kind = 'regular' AND NOT EXISTS(SELECT 1 FROM assignment x WHERE x.account = v.account AND x.staff = v.staff
    AND x.role = 'owner' AND x.from_day <= v.day AND (x.to_day IS NULL OR x.to_day > v.day));
-- What the cadence table decided last: days between two visits, at least.
CREATE TEMP TABLE cadence AS SELECT row, json_extract(outputs, '$.no_sooner.days') AS least FROM decisions
  WHERE tbl = 'visit_cadence' AND run = (SELECT max(run) FROM decisions WHERE tbl = 'visit_cadence');
CREATE INDEX temp.cadence_row ON cadence(row);
CREATE TEMP TABLE regular AS SELECT id, account, day, status FROM visit WHERE (status IN ('planned', 'fixed', 'moved') AND begins IS NOT NULL
  AND kind IS NOT 'executive') OR status = 'done';
CREATE INDEX temp.regular_account ON regular(account, day);
SELECT 'no sooner', v.id, a.code || ' ' || x.day || ' ' || v.day FROM regular v JOIN account a ON a.id = v.account
  JOIN cadence c ON c.row = v.account JOIN regular x ON x.account = v.account AND x.id <> v.id AND x.day <= v.day
  WHERE v.status = 'planned' AND julianday(v.day) - julianday(x.day) < c.least AND (x.status = 'planned' OR x.status = 'done');
