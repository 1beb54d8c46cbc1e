-- The breach questions. Every value is bound; a list that is empty does not filter.
-- Records are distinct events, accesses are rows: an event that two readers saw is one record.
-- The time of an exposure may lie well before its day in the lake (dt is when it was logged), so
-- the window is on time alone.

-- name: Q00_scope
-- What readers may have seen: not what was denied, and masked values only on request.
CREATE OR REPLACE TEMP TABLE scope AS
SELECT time, tenant, controller_uid, principal_uid, role, session_ref, has_mfa, src_country,
       operation, recipient, subject_ref, subject_kind, subject_jurisdiction, cat_clear,
       CASE WHEN $include_masked THEN cat_masked ELSE 0 END AS cat_masked,
       (kafka_topic, kafka_partition, kafka_offset) AS event
FROM audit
WHERE time >= coalesce($since::TIMESTAMPTZ, '-infinity')
  AND time < coalesce($until::TIMESTAMPTZ, 'infinity')
  AND action_id IS DISTINCT FROM 2
  AND (cat_clear <> 0 OR ($include_masked AND cat_masked <> 0))
  AND (len($tenants::VARCHAR[]) = 0    OR list_contains($tenants::VARCHAR[], tenant))
  AND (len($principals::VARCHAR[]) = 0 OR list_contains($principals::VARCHAR[], principal_uid))
  AND (len($roles::VARCHAR[]) = 0      OR list_contains($roles::VARCHAR[], role))
  AND (len($topics::VARCHAR[]) = 0     OR list_contains($topics::VARCHAR[], kafka_topic))
  AND (len($subscriptions::VARCHAR[]) = 0 OR list_contains($subscriptions::VARCHAR[], subscription))
  AND (len($recipients::VARCHAR[]) = 0 OR list_contains($recipients::VARCHAR[], recipient));

-- name: Q00_unknown
-- Selected values that are nowhere in the trail, with those like them that are: a name misspelt
-- must not look like 'no breach'.
WITH asked AS (SELECT 'tenant' AS kind, unnest($tenants::VARCHAR[]) AS value
     UNION SELECT 'principal', unnest($principals::VARCHAR[])
     UNION SELECT 'role', unnest($roles::VARCHAR[])
     UNION SELECT 'topic', unnest($topics::VARCHAR[])
     UNION SELECT 'subscription', unnest($subscriptions::VARCHAR[])
     UNION SELECT 'recipient', unnest($recipients::VARCHAR[])),
     known AS (SELECT 'tenant' AS kind, tenant AS value FROM audit WHERE len($tenants::VARCHAR[]) > 0
     UNION SELECT 'principal', principal_uid FROM audit WHERE len($principals::VARCHAR[]) > 0
     UNION SELECT 'role', role FROM audit WHERE len($roles::VARCHAR[]) > 0
     UNION SELECT 'topic', kafka_topic FROM audit WHERE len($topics::VARCHAR[]) > 0
     UNION SELECT 'subscription', subscription FROM audit WHERE len($subscriptions::VARCHAR[]) > 0
     UNION SELECT 'recipient', recipient FROM audit WHERE len($recipients::VARCHAR[]) > 0)
SELECT a.kind, a.value,
       coalesce(list(k.value ORDER BY jaro_winkler_similarity(lower(k.value), lower(a.value)) DESC,
                     k.value)
                FILTER (jaro_winkler_similarity(lower(k.value), lower(a.value)) > 0.8), [])[:3]
         AS near
FROM asked a LEFT JOIN known k USING (kind)
GROUP BY a.kind, a.value
HAVING NOT coalesce(bool_or(k.value = a.value), false)
ORDER BY a.kind, a.value;

-- name: Q01_headline
-- GDPR 33(3)(a): numbers of data subjects and of records; first and last exposure.
SELECT count(DISTINCT subject_ref) AS data_subjects,
       count(DISTINCT event) AS records,
       count(DISTINCT event) FILTER (subject_ref IS NULL) AS records_without_subject,
       count(*) AS accesses,
       count(DISTINCT principal_uid) AS principals,
       count(DISTINCT controller_uid) AS controllers,
       min(time) AS first_exposure, max(time) AS last_exposure
FROM scope;

-- name: Q02_by_jurisdiction
-- An event that does not say where a person belongs counts where the person was said to belong
-- last, anywhere in the trail: who is known to one regulator is not 'unknown' as well.
WITH placed AS (SELECT subject_ref, arg_max(subject_jurisdiction, (time, subject_jurisdiction)) AS code
                FROM audit
                WHERE subject_jurisdiction <> '??'
                  AND subject_ref IN (SELECT subject_ref FROM scope WHERE subject_jurisdiction = '??')
                GROUP BY subject_ref),
     people AS (SELECT scope.*, coalesce(code, subject_jurisdiction) AS jurisdiction
                FROM scope LEFT JOIN placed
                  ON scope.subject_ref = placed.subject_ref AND subject_jurisdiction = '??')
SELECT jurisdiction, tenant,
       count(DISTINCT subject_ref) AS data_subjects,
       count(DISTINCT event) AS records, count(*) AS accesses,
       category_codes(bit_or(cat_clear)) AS in_clear,
       category_codes(bit_or(cat_masked) & ~bit_or(cat_clear)) AS only_masked
FROM people GROUP BY jurisdiction, tenant
ORDER BY data_subjects DESC, records DESC, jurisdiction NULLS LAST, tenant;

-- name: Q03_categories
-- GDPR 33(3)(a) categories of data; the KVKK form wants special categories apart (2019/271).
-- 'Only masked' is said of whom or what nobody saw in clear.
WITH person AS (SELECT bit_or(cat_clear) AS clear, bit_or(cat_masked) AS masked
                FROM scope WHERE subject_ref IS NOT NULL GROUP BY subject_ref),
     record AS (SELECT bit_or(cat_clear) AS clear, bit_or(cat_masked) AS masked
                FROM scope GROUP BY event),
     people AS (SELECT bit, count(*) FILTER ((clear >> bit) & 1 = 1) AS in_clear,
                       count(*) FILTER ((clear >> bit) & 1 = 0) AS only_masked
                FROM person JOIN dim_category ON ((clear | masked) >> bit) & 1 = 1 GROUP BY bit),
     records AS (SELECT bit, count(*) FILTER ((clear >> bit) & 1 = 1) AS in_clear,
                        count(*) FILTER ((clear >> bit) & 1 = 0) AS only_masked
                 FROM record JOIN dim_category ON ((clear | masked) >> bit) & 1 = 1 GROUP BY bit)
SELECT d.bit, d.code, d.fideslang, d.dpv_pd,
       coalesce(p.in_clear, 0) AS subjects_in_clear,
       coalesce(p.only_masked, 0) AS subjects_only_masked,
       r.in_clear AS records_in_clear, r.only_masked AS records_only_masked,
       d.special_gdpr, d.special_kvkk, d.spi_ccpa, d.ca_breach_elem, d.il_sensitive
FROM dim_category d JOIN records r USING (bit) LEFT JOIN people p USING (bit)
ORDER BY subjects_in_clear DESC, records_in_clear DESC, records_only_masked DESC, d.bit;

-- name: Q04_subject_groups
-- GDPR 33(3)(a), KVKK's form: groups of persons, and children apart. The age is what any event of
-- the trail says of the person; who was a child in one counts as a child.
WITH aged AS (SELECT subject_ref, bool_or(subject_age_band BETWEEN 1 AND 3) AS is_child
              FROM audit
              WHERE subject_age_band <> 0 AND subject_ref IN (SELECT subject_ref FROM scope)
              GROUP BY subject_ref)
SELECT subject_kind AS kind,
       count(DISTINCT subject_ref) AS data_subjects,
       count(DISTINCT subject_ref) FILTER (is_child) AS children,
       count(DISTINCT subject_ref) FILTER (is_child IS NULL) AS age_unknown,
       count(DISTINCT event) AS records
FROM scope LEFT JOIN aged USING (subject_ref)
WHERE subject_ref IS NOT NULL
GROUP BY kind ORDER BY data_subjects DESC, records DESC, kind NULLS LAST;

-- name: Q05_whose_access
SELECT principal_uid, role,
       count(DISTINCT subject_ref) AS data_subjects,
       count(DISTINCT event) AS records, count(*) AS accesses,
       count(DISTINCT event) FILTER (operation IN ('dpv:Export', 'dpv:Transmit', 'dpv:Disclose'))
         AS egress_records,
       count(DISTINCT session_ref) AS sessions, bool_and(has_mfa) AS always_mfa,
       coalesce(list(DISTINCT src_country ORDER BY src_country)
                FILTER (src_country IS NOT NULL), []) AS countries,
       coalesce(list(DISTINCT recipient ORDER BY recipient)
                FILTER (recipient IS NOT NULL AND recipient <> 'none'), []) AS recipients,
       min(time) AS first_seen, max(time) AS last_seen
FROM scope GROUP BY principal_uid, role
ORDER BY data_subjects DESC, records DESC, principal_uid NULLS LAST, role NULLS LAST;

-- name: Q16_subject_history
-- Who saw, or asked for, what of one person: denied accesses too.
SELECT time, tenant, principal_uid, role, purpose, legal_basis, access_kind, subscription,
       operation, resource, recipient, dst_region, action_id, reason, policy_version,
       category_codes(cat_clear) AS in_clear, category_codes(cat_masked) AS masked,
       category_codes(cat_denied) AS denied,
       kafka_topic, kafka_partition, kafka_offset
FROM audit
WHERE subject_ref = $subject_ref::UUID
  AND time >= coalesce($since::TIMESTAMPTZ, '-infinity')
  AND time < coalesce($until::TIMESTAMPTZ, 'infinity')
  AND (len($tenants::VARCHAR[]) = 0    OR list_contains($tenants::VARCHAR[], tenant))
  AND (len($principals::VARCHAR[]) = 0 OR list_contains($principals::VARCHAR[], principal_uid))
  AND (len($roles::VARCHAR[]) = 0      OR list_contains($roles::VARCHAR[], role))
  AND (len($topics::VARCHAR[]) = 0     OR list_contains($topics::VARCHAR[], kafka_topic))
  AND (len($subscriptions::VARCHAR[]) = 0 OR list_contains($subscriptions::VARCHAR[], subscription))
  AND (len($recipients::VARCHAR[]) = 0 OR list_contains($recipients::VARCHAR[], recipient))
ORDER BY time, kafka_topic, kafka_partition, kafka_offset, subscription NULLS LAST, row_ordinal;

-- name: Q17_principal_window
-- What one reader touched between two instants.
SELECT count(DISTINCT subject_ref) AS data_subjects,
       count(DISTINCT (kafka_topic, kafka_partition, kafka_offset)) AS records,
       count(*) AS accesses,
       category_codes(coalesce(bit_or(cat_clear), 0)) AS in_clear
FROM audit
WHERE principal_uid = $principal AND time >= $since AND time < $until
  AND action_id IS DISTINCT FROM 2 AND cat_clear <> 0;
