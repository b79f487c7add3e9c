-- One attack a line, tried by shell.lua.
-- refused: the log and the guarded rows do not let it
UPDATE run SET actor = 'nobody' WHERE id = 1;
UPDATE change SET now = '{}' WHERE run = 1;
UPDATE decision SET why = 'because' WHERE run = 1;
UPDATE history SET value = 'Z';
DELETE FROM run;
DELETE FROM change WHERE run = 1;
DELETE FROM decision;
DELETE FROM history;
DELETE FROM definition;
INSERT OR REPLACE INTO run SELECT id, at, what, 'nobody', asof, seed, script_hash, args, status, changes, detail, digest, report, log, journal FROM run WHERE id = 1;
INSERT OR REPLACE INTO change(id, run, seq, tbl, row, op) SELECT id, run, seq, tbl, row, 'D' FROM change LIMIT 1;
REPLACE INTO history(id, field, row, day, value) SELECT id, field, row, day, 'Z' FROM history LIMIT 1;
INSERT OR REPLACE INTO decision(id, run, tbl, entity, row, asof, hit, blocked) SELECT id, run, tbl, entity, row, asof, 9, 0 FROM decision LIMIT 1;
INSERT INTO run SELECT * FROM run WHERE id = 1 ON CONFLICT(id) DO UPDATE SET actor = 'nobody';
UPDATE OR IGNORE run SET actor = 'nobody';
UPDATE OR REPLACE history SET id = id + 1;
PRAGMA foreign_keys = ON; PRAGMA defer_foreign_keys = ON; DELETE FROM run WHERE id = 1;
PRAGMA recursive_triggers = OFF; INSERT OR REPLACE INTO run SELECT id, at, what, 'nobody', asof, seed, script_hash, args, status, changes, detail, digest, report, log, journal FROM run WHERE id = 1;
INSERT INTO assignment(account, staff, role, from_day) VALUES(1, 1, 'owner', '2026-01-01'), (1, 2, 'owner', '2026-02-01');
INSERT INTO visit(account, day) VALUES(1, '2026-02-30');
INSERT INTO account(id, code) VALUES(1, 'C0001');
UPDATE account SET id = 'x' WHERE id = 1;
UPDATE account SET code = NULL;
-- found: what cannot be refused is found by verify
PRAGMA foreign_keys = OFF; DELETE FROM account WHERE id = 1;
DROP TRIGGER run_no_update; UPDATE run SET actor = 'nobody' WHERE id = 1;
DROP TRIGGER run_no_delete; DELETE FROM run WHERE id = 2;
DROP TRIGGER run_no_delete; DROP TRIGGER change_no_delete; DELETE FROM change WHERE run = 1; DELETE FROM run WHERE id = 1;
DROP TRIGGER change_no_update; UPDATE change SET now = '{"tier":"D"}' WHERE id = 1;
DROP TRIGGER decision_no_update; UPDATE decision SET why = 'because' WHERE id = 1;
DROP TRIGGER decision_no_delete; DELETE FROM decision WHERE id = 1;
DROP TRIGGER history_no_update; UPDATE history SET value = 'Z';
DROP TRIGGER history_no_delete; DELETE FROM history WHERE id = 1;
PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'run%';
INSERT INTO change(run, seq, tbl, row, op, now) VALUES(1, 99, 'account', 1, 'U', '{"tier":"D"}');
INSERT INTO decision(run, tbl, entity, row, asof, hit, blocked) VALUES(1, 't', 'account', 1, '2026-11-01', 9, 0);
