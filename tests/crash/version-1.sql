-- A database of schema 1, as the first version made it: what is opened for writing is migrated.
PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA application_id = 1349674356; PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE orders(id INTEGER PRIMARY KEY, account INTEGER NOT NULL, order_no TEXT, line_no INTEGER,
  day INTEGER NOT NULL, product INTEGER, quantity ANY, revenue INTEGER, cost INTEGER,
  CHECK(day = id / 10000000)) STRICT;
CREATE TABLE setting(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT;
INSERT INTO setting VALUES(1,'currency','CNY');
INSERT INTO setting VALUES(2,'minor','2');
CREATE TABLE field(id INTEGER PRIMARY KEY, entity TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
  ranked INTEGER NOT NULL, domain TEXT, about TEXT, added INTEGER NOT NULL, UNIQUE(entity, name)) STRICT;
INSERT INTO field VALUES(1,'account','status','',0,NULL,NULL,0);
INSERT INTO field VALUES(2,'account','tier','',0,NULL,NULL,0);
INSERT INTO field VALUES(3,'account','service_level','',0,NULL,NULL,0);
INSERT INTO field VALUES(4,'account','influence_rating','',0,NULL,NULL,0);
INSERT INTO field VALUES(5,'account','growth_potential','',0,NULL,NULL,0);
INSERT INTO field VALUES(6,'contact','attitude','',0,NULL,NULL,0);
CREATE TABLE history(id INTEGER PRIMARY KEY, field INTEGER NOT NULL REFERENCES field(id),
  row INTEGER NOT NULL, day TEXT NOT NULL, value ANY, run INTEGER) STRICT;
CREATE TABLE metric(id INTEGER PRIMARY KEY, entity TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL,
  UNIQUE(entity, name)) STRICT;
CREATE TABLE metric_value(id INTEGER PRIMARY KEY, metric INTEGER NOT NULL REFERENCES metric(id),
  day TEXT NOT NULL, row INTEGER NOT NULL, value ANY, run INTEGER, UNIQUE(metric, day, row)) STRICT;
CREATE TABLE run(id INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, actor TEXT NOT NULL,
  asof TEXT NOT NULL, seed INTEGER NOT NULL, script_hash TEXT, args TEXT, status TEXT NOT NULL,
  changes INTEGER NOT NULL, detail TEXT, digest TEXT, report BLOB, log TEXT, journal BLOB) STRICT;
CREATE TABLE change(id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(id), seq INTEGER NOT NULL,
  tbl TEXT NOT NULL, row INTEGER NOT NULL, op TEXT NOT NULL, was TEXT, now TEXT) STRICT;
CREATE TABLE definition(id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, text BLOB NOT NULL) STRICT;
CREATE TABLE decision(id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(id), tbl TEXT NOT NULL,
  entity TEXT NOT NULL, row INTEGER NOT NULL, asof TEXT NOT NULL, hit INTEGER NOT NULL,
  blocked INTEGER NOT NULL, inputs TEXT, outputs TEXT, why TEXT,
  definition INTEGER REFERENCES definition(id)) STRICT;
CREATE TABLE account(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT, status TEXT, tier TEXT, industry TEXT, region TEXT, city TEXT, address TEXT, latitude ANY, longitude ANY, parent INTEGER REFERENCES account(id), service_level TEXT, credit_limit INTEGER, credit_days INTEGER, headcount INTEGER, influence_rating ANY, growth_potential ANY, reference INTEGER CHECK(reference IN (0, 1)), since TEXT CHECK(since IS date(since, '+0 days')), file_updated TEXT CHECK(file_updated IS date(file_updated, '+0 days'))) STRICT;
INSERT INTO account VALUES(1,'C0001','华东仪表','active','A',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO account VALUES(2,'C0002','金石电气','active','B',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO account VALUES(3,'C0003','宏图光电','active',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE contact(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, account INTEGER NOT NULL REFERENCES account(id), name TEXT, title TEXT, phone TEXT, email TEXT, department TEXT, decision_role TEXT, influence ANY, attitude TEXT, met TEXT CHECK(met IS date(met, '+0 days')), reports_to INTEGER REFERENCES contact(id), influences INTEGER REFERENCES contact(id), active INTEGER CHECK(active IN (0, 1))) STRICT;
INSERT INTO contact VALUES(1,'P1',1,'王建国',NULL,'13900000001',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO contact VALUES(2,'P2',2,'陈立',NULL,'13900000002',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE staff(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT, login TEXT, level TEXT, grade TEXT, role TEXT, region TEXT, department TEXT, manager INTEGER REFERENCES staff(id), active INTEGER CHECK(active IN (0, 1))) STRICT;
CREATE TABLE assignment(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), staff INTEGER NOT NULL REFERENCES staff(id), role TEXT NOT NULL, from_day TEXT NOT NULL CHECK(from_day IS date(from_day, '+0 days')), to_day TEXT CHECK(to_day IS date(to_day, '+0 days'))) STRICT;
CREATE TABLE partner(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT, region TEXT, regions TEXT, lines TEXT, active INTEGER CHECK(active IN (0, 1))) STRICT;
CREATE TABLE registration(id INTEGER PRIMARY KEY, partner INTEGER NOT NULL REFERENCES partner(id), account INTEGER NOT NULL REFERENCES account(id), product_line TEXT, registered TEXT NOT NULL CHECK(registered IS date(registered, '+0 days')), expires TEXT CHECK(expires IS date(expires, '+0 days')), last_action TEXT CHECK(last_action IS date(last_action, '+0 days')), status TEXT) STRICT;
CREATE TABLE product(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT, line TEXT, unit TEXT, active INTEGER CHECK(active IN (0, 1))) STRICT;
CREATE TABLE price(id INTEGER PRIMARY KEY, product INTEGER NOT NULL REFERENCES product(id), unit_price INTEGER NOT NULL, region TEXT, from_day TEXT NOT NULL CHECK(from_day IS date(from_day, '+0 days')), to_day TEXT CHECK(to_day IS date(to_day, '+0 days'))) STRICT;
CREATE TABLE cost(id INTEGER PRIMARY KEY, product INTEGER NOT NULL REFERENCES product(id), unit_cost INTEGER NOT NULL, from_day TEXT NOT NULL CHECK(from_day IS date(from_day, '+0 days')), to_day TEXT CHECK(to_day IS date(to_day, '+0 days'))) STRICT;
CREATE TABLE agreement(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, account INTEGER NOT NULL REFERENCES account(id), kind TEXT, discount ANY, terms TEXT, from_day TEXT NOT NULL CHECK(from_day IS date(from_day, '+0 days')), to_day TEXT CHECK(to_day IS date(to_day, '+0 days'))) STRICT;
CREATE TABLE quote(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, account INTEGER NOT NULL REFERENCES account(id), requester INTEGER REFERENCES staff(id), product INTEGER REFERENCES product(id), status TEXT, requested_on TEXT CHECK(requested_on IS date(requested_on, '+0 days')), decided TEXT CHECK(decided IS date(decided, '+0 days')), reason TEXT, list_total INTEGER, net_total INTEGER, text TEXT) STRICT;
CREATE TABLE quote_line(id INTEGER PRIMARY KEY, quote INTEGER NOT NULL REFERENCES quote(id), line_no INTEGER, product INTEGER REFERENCES product(id), qty ANY, list_price INTEGER, net_price INTEGER, unit_cost INTEGER, freight INTEGER) STRICT;
CREATE TABLE offer(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), quote INTEGER REFERENCES quote(id), kind TEXT, made TEXT NOT NULL CHECK(made IS date(made, '+0 days')), text TEXT) STRICT;
CREATE TABLE concession(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), quote INTEGER REFERENCES quote(id), day TEXT NOT NULL CHECK(day IS date(day, '+0 days')), kind TEXT, amount INTEGER, approver INTEGER REFERENCES staff(id), reason TEXT) STRICT;
CREATE TABLE activity(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), staff INTEGER REFERENCES staff(id), contact INTEGER REFERENCES contact(id), day TEXT NOT NULL CHECK(day IS date(day, '+0 days')), kind TEXT, minutes INTEGER, cost INTEGER, text TEXT) STRICT;
CREATE TABLE visit(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), staff INTEGER REFERENCES staff(id), contact INTEGER REFERENCES contact(id), day TEXT NOT NULL CHECK(day IS date(day, '+0 days')), planned TEXT CHECK(planned IS date(planned, '+0 days')), status TEXT, minutes INTEGER, kind TEXT, cost INTEGER, findings TEXT) STRICT;
CREATE TABLE complaint(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, account INTEGER NOT NULL REFERENCES account(id), contact INTEGER REFERENCES contact(id), product INTEGER REFERENCES product(id), opened TEXT NOT NULL CHECK(opened IS date(opened, '+0 days')), due TEXT CHECK(due IS date(due, '+0 days')), closed TEXT CHECK(closed IS date(closed, '+0 days')), status TEXT, severity TEXT, kind TEXT, first_owner INTEGER REFERENCES staff(id), owner INTEGER REFERENCES staff(id), text TEXT) STRICT;
CREATE TABLE survey(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), contact INTEGER REFERENCES contact(id), day TEXT NOT NULL CHECK(day IS date(day, '+0 days')), score ANY, kind TEXT, text TEXT) STRICT;
CREATE TABLE trust(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), contact INTEGER REFERENCES contact(id), kind TEXT NOT NULL, rating ANY NOT NULL, day TEXT NOT NULL CHECK(day IS date(day, '+0 days')), evidence TEXT) STRICT;
CREATE TABLE need(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), contact INTEGER REFERENCES contact(id), scope TEXT, state TEXT, product_line TEXT, opened TEXT CHECK(opened IS date(opened, '+0 days')), closed TEXT CHECK(closed IS date(closed, '+0 days')), expires TEXT CHECK(expires IS date(expires, '+0 days')), text TEXT) STRICT;
CREATE TABLE requirement(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), kind TEXT, raised TEXT NOT NULL CHECK(raised IS date(raised, '+0 days')), accepted TEXT CHECK(accepted IS date(accepted, '+0 days')), shipped TEXT CHECK(shipped IS date(shipped, '+0 days')), status TEXT, text TEXT) STRICT;
CREATE TABLE plan_item(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), objective TEXT, measure TEXT, obstacle TEXT, action TEXT, owner INTEGER REFERENCES staff(id), due TEXT CHECK(due IS date(due, '+0 days')), status TEXT) STRICT;
CREATE TABLE competitor(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), name TEXT NOT NULL, product_line TEXT, share ANY, day TEXT CHECK(day IS date(day, '+0 days')), text TEXT) STRICT;
CREATE TABLE wallet(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), day TEXT NOT NULL CHECK(day IS date(day, '+0 days')), category_spend INTEGER, product_line TEXT, source TEXT) STRICT;
CREATE TABLE loss(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), day TEXT NOT NULL CHECK(day IS date(day, '+0 days')), cause TEXT, competitor TEXT, amount INTEGER, text TEXT) STRICT;
CREATE TABLE event(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), contact INTEGER REFERENCES contact(id), name TEXT NOT NULL, day TEXT NOT NULL CHECK(day IS date(day, '+0 days')), kind TEXT, attended INTEGER CHECK(attended IN (0, 1))) STRICT;
CREATE TABLE observation(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), measure TEXT NOT NULL, day TEXT NOT NULL CHECK(day IS date(day, '+0 days')), value ANY) STRICT;
CREATE TABLE segment(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, text TEXT) STRICT;
CREATE TABLE segment_member(id INTEGER PRIMARY KEY, segment INTEGER NOT NULL REFERENCES segment(id), account INTEGER NOT NULL REFERENCES account(id), from_day TEXT NOT NULL CHECK(from_day IS date(from_day, '+0 days')), to_day TEXT CHECK(to_day IS date(to_day, '+0 days'))) STRICT;
CREATE TABLE task(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), owner INTEGER REFERENCES staff(id), kind TEXT, title TEXT, text TEXT, created TEXT CHECK(created IS date(created, '+0 days')), due TEXT CHECK(due IS date(due, '+0 days')), done TEXT CHECK(done IS date(done, '+0 days')), status TEXT) STRICT;
CREATE TABLE alert(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id), owner INTEGER REFERENCES staff(id), kind TEXT, text TEXT, created TEXT CHECK(created IS date(created, '+0 days')), status TEXT) STRICT;
CREATE INDEX history_row ON history(field, row, day);
CREATE INDEX change_run ON change(run, seq);
CREATE INDEX change_row ON change(tbl, row, run);
CREATE INDEX decision_row ON decision(entity, row, tbl, run);
CREATE INDEX decision_run ON decision(run);
CREATE INDEX account_parent ON account(parent);
CREATE INDEX contact_account ON contact(account);
CREATE INDEX assignment_account ON assignment(account);
CREATE INDEX assignment_staff ON assignment(staff);
CREATE INDEX registration_partner ON registration(partner);
CREATE INDEX registration_account ON registration(account);
CREATE INDEX price_product ON price(product);
CREATE INDEX cost_product ON cost(product);
CREATE INDEX agreement_account ON agreement(account);
CREATE INDEX quote_account ON quote(account);
CREATE INDEX quote_requester ON quote(requester);
CREATE INDEX quote_line_quote ON quote_line(quote);
CREATE INDEX offer_account ON offer(account);
CREATE INDEX offer_quote ON offer(quote);
CREATE INDEX concession_account ON concession(account);
CREATE INDEX concession_quote ON concession(quote);
CREATE INDEX activity_account ON activity(account);
CREATE INDEX activity_staff ON activity(staff);
CREATE INDEX activity_contact ON activity(contact);
CREATE INDEX visit_account ON visit(account);
CREATE INDEX visit_staff ON visit(staff);
CREATE INDEX visit_contact ON visit(contact);
CREATE INDEX complaint_account ON complaint(account);
CREATE INDEX complaint_first_owner ON complaint(first_owner);
CREATE INDEX survey_account ON survey(account);
CREATE INDEX survey_contact ON survey(contact);
CREATE INDEX trust_account ON trust(account);
CREATE INDEX trust_contact ON trust(contact);
CREATE INDEX need_account ON need(account);
CREATE INDEX need_contact ON need(contact);
CREATE INDEX requirement_account ON requirement(account);
CREATE INDEX plan_item_account ON plan_item(account);
CREATE INDEX plan_item_owner ON plan_item(owner);
CREATE INDEX competitor_account ON competitor(account);
CREATE INDEX wallet_account ON wallet(account);
CREATE INDEX loss_account ON loss(account);
CREATE INDEX event_account ON event(account);
CREATE INDEX event_contact ON event(contact);
CREATE INDEX observation_account ON observation(account);
CREATE INDEX segment_member_segment ON segment_member(segment);
CREATE INDEX segment_member_account ON segment_member(account);
CREATE INDEX task_account ON task(account);
CREATE INDEX task_owner ON task(owner);
CREATE INDEX alert_account ON alert(account);
CREATE INDEX alert_owner ON alert(owner);
CREATE TRIGGER assignment_owner_insert BEFORE INSERT ON assignment WHEN NEW.role = 'owner' AND EXISTS(
  SELECT 1 FROM assignment a WHERE a.account = NEW.account AND a.role = 'owner' AND a.id <> NEW.id AND
  a.from_day < coalesce(NEW.to_day, '~') AND NEW.from_day < coalesce(a.to_day, '~'))
BEGIN SELECT RAISE(ABORT, 'an account has one main owner at any date'); END;
CREATE TRIGGER assignment_owner_update BEFORE UPDATE ON assignment WHEN NEW.role = 'owner' AND EXISTS(
  SELECT 1 FROM assignment a WHERE a.account = NEW.account AND a.role = 'owner' AND a.id <> OLD.id AND
  a.from_day < coalesce(NEW.to_day, '~') AND NEW.from_day < coalesce(a.to_day, '~'))
BEGIN SELECT RAISE(ABORT, 'an account has one main owner at any date'); END;
CREATE TRIGGER complaint_first_owner BEFORE UPDATE ON complaint
WHEN OLD.first_owner IS NOT NULL AND NEW.first_owner IS NOT OLD.first_owner
BEGIN SELECT RAISE(ABORT, 'the first responder keeps the complaint'); END;
CREATE TRIGGER complaint_first_owner_insert BEFORE INSERT ON complaint WHEN EXISTS(
  SELECT 1 FROM complaint c WHERE (c.id = NEW.id OR c.code = NEW.code) AND
  c.first_owner IS NOT NULL AND c.first_owner IS NOT NEW.first_owner)
BEGIN SELECT RAISE(ABORT, 'the first responder keeps the complaint'); END;
CREATE TRIGGER account_has_orders BEFORE DELETE ON account WHEN EXISTS(
  SELECT 1 FROM orders WHERE account = OLD.id)
BEGIN SELECT RAISE(ABORT, 'the account has order lines'); END;
CREATE TRIGGER history_no_update BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER history_no_delete BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER history_no_replace BEFORE INSERT ON history WHEN EXISTS(SELECT 1 FROM history WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER run_no_update BEFORE UPDATE ON run
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER run_no_delete BEFORE DELETE ON run
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER run_no_replace BEFORE INSERT ON run WHEN EXISTS(SELECT 1 FROM run WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER change_no_update BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER change_no_delete BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER change_no_replace BEFORE INSERT ON change WHEN EXISTS(SELECT 1 FROM change WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER definition_no_update BEFORE UPDATE ON definition
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER definition_no_delete BEFORE DELETE ON definition
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER definition_no_replace BEFORE INSERT ON definition WHEN EXISTS(SELECT 1 FROM definition WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER decision_no_replace BEFORE INSERT ON decision WHEN EXISTS(SELECT 1 FROM decision WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
COMMIT;
