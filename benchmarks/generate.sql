-- Feeds of a made-up company of any size, for measuring. Every value is a hash of a row's number: the same rows give
-- the same feeds. The statements are split at the lines that begin with "-- @"; generate.py fills in {braces}.

-- @ setup: the ways in which a call can be made, one row per kind of work and hundredth of its traffic
create temp macro pick(n, salt, size) as cast(hash(n, salt) % size as integer);
create temp macro starts_at(n) as timestamp '2025-10-01' + to_microseconds(cast(n as bigint) * {step_us});
create temp macro unit_kind(u) as
    case
        when pick(u, 'kind', 100) < 60 then 'support_case'
        when pick(u, 'kind', 100) < 82 then 'claim'
        when pick(u, 'kind', 100) < 92 then 'loan_application'
        else 'onboarding_case'
    end;
create temp macro unit_name(u) as
    case unit_kind(u) when 'support_case' then 'case_' when 'claim' then 'clm_' when 'loan_application' then 'loan_' else 'onb_' end
    || lpad(cast(u as varchar), 8, '0');
create temp macro unit_place(u) as
    case when pick(u, 'place', 1000) < 975 then 'production' when pick(u, 'place', 1000) < 980 then 'prod' when pick(u, 'place', 1000) < 992 then 'staging' else 'load_test' end;
create temp macro unit_tenant(u) as
    'tenant_' || lpad(cast(1 + (pick(u, 'tenant', 1000) * pick(u, 'tenant', 1000) * 44) // 1000000 as varchar), 2, '0');
create temp macro unit_team(u) as
    case unit_kind(u)
        when 'support_case' then case when pick(u, 'team', 10) < 6 then 'cx-frontline' else 'cx-premium' end
        when 'claim' then case when pick(u, 'team', 10) < 5 then 'claims-motor' else 'claims-property' end
        when 'loan_application' then case when pick(u, 'team', 10) < 7 then 'lending-retail' else 'lending-sme' end
        else 'hr-services'
    end;
create temp table kinds as
from (values
    ('support_case', 'support-assistant', 'case_resolution', 'support-bot', 'cx-operations', 'support_specialist', 'resolved', 'unresolved', 'escalated', 'duplicate', 'awaiting_customer', 48),
    ('claim', 'claims-copilot', 'claim_adjudication', 'claims-bot', 'claims-operations', 'claims_adjuster', 'approved', 'returned_for_rework', 'referred_to_adjuster', 'withdrawn', 'awaiting_documents', 168),
    ('loan_application', 'lending-desk', 'loan_decision', 'loan-analyst', 'lending-operations', 'underwriter', 'decision_accepted', 'decision_overturned', 'referred_to_underwriter', 'withdrawn', 'awaiting_documents', 120),
    ('onboarding_case', 'hr-helper', 'employee_onboarding', 'onboarding-guide', 'hr-shared-services', 'hr_specialist', 'completed', 'incomplete', 'handed_to_hr', 'offer_withdrawn', 'in_progress', 336),
    ('lab', 'analytics-notebook', null, null, null, null, null, null, null, null, null, null),
    ('index', 'knowledge-search', 'knowledge_indexing', null, 'ai-platform', null, null, null, null, null, null, null),
    ('eval', 'evaluation-suite', 'model_evaluation', 'grader', null, null, null, null, null, null, null, null)
) as k (kind, application, workflow, agent_id, cost_center, reviewer_role, good, bad, escalated, dropped, waiting, window_hours);
create temp table routes as
with shares as (
    from (values
        ('support_case', 22, 'retrieve', 'openai', 'org-halden-prod', 'key_support_openai', 'embeddings', 'standard', 'text-embedding-3-small', 250, 0, 0),
        ('support_case', 20, 'triage', 'openai', 'org-halden-prod', 'key_support_openai', 'chat', 'standard', 'gpt-5-nano', 1000, 110, 30),
        ('support_case', 20, 'check', 'openai', 'org-halden-prod', 'key_support_openai', 'chat', 'standard', 'gpt-5-mini-2025-08-07', 4000, 600, 60),
        ('support_case', 34, 'draft', 'anthropic', 'ant-halden', 'key_support_anthropic', 'chat', 'standard', 'claude-sonnet-4-5', 10000, 900, 60),
        ('support_case', 4, 'draft', 'anthropic', 'ant-halden', 'key_support_anthropic', 'chat', 'standard', 'claude-haiku-4-5', 6000, 800, 60),
        ('claim', 26, 'intake', 'openai', 'org-halden-prod', 'key_claims_openai', 'chat', 'standard', 'gpt-5-nano', 2000, 190, 20),
        ('claim', 24, 'extract', 'google', 'gcp-halden-ai', 'key_docs_google', 'chat', 'standard', 'gemini-2.5-flash', 20000, 1800, 30),
        ('claim', 26, 'assess', 'anthropic', 'ant-halden', 'key_claims_anthropic', 'chat', 'standard', 'claude-sonnet-4-5-20250929', 20000, 1700, 60),
        ('claim', 24, 'letter', 'openai', 'org-halden-prod', 'key_claims_openai', 'chat', 'batch', 'gpt-5-mini', 5000, 1100, 10),
        ('loan_application', 30, 'policy', 'anthropic', 'ant-halden', 'key_lending_anthropic', 'chat', 'standard', 'claude-sonnet-4-5', 28000, 2000, 70),
        ('loan_application', 25, 'risk', 'openai', 'org-halden-prod', 'key_lending_openai', 'chat', 'standard', 'gpt-5', 17000, 5200, 20),
        ('loan_application', 25, 'read', 'google', 'gcp-halden-ai', 'key_docs_google', 'chat', 'standard', 'gemini-2.5-pro', 54000, 2900, 20),
        ('loan_application', 20, 'summary', 'openai', 'org-halden-prod', 'key_lending_openai', 'chat', 'batch', 'gpt-5-mini', 13000, 1400, 10),
        ('onboarding_case', 40, 'answer', 'openai', 'org-halden-prod', 'key_hr_openai', 'chat', 'standard', 'gpt-5-mini', 7000, 800, 50),
        ('onboarding_case', 20, 'plan', 'azure', 'az-halden-eu', 'key_hr_azure', 'chat', 'standard', 'o4-mini-2025-04-16', 45000, 3600, 20),
        ('onboarding_case', 20, 'search', 'azure', 'az-halden-eu', 'key_hr_azure', 'embeddings', 'standard', 'text-embedding-3-large', 8000, 0, 0),
        ('onboarding_case', 20, 'letters', 'mistral', 'mis-halden-eu', 'key_hr_mistral', 'chat', 'standard', 'mistral-medium-3-1', 36000, 2700, 30),
        ('lab', 60, null, 'openai', 'org-halden-lab', 'key_lab_openai', 'chat', 'standard', 'gpt-5-mini', 6000, 900, 10),
        ('lab', 40, null, 'openai', 'org-halden-lab', 'key_lab_openai', 'chat', 'standard', 'gpt-5', 7000, 1500, 10),
        ('index', 100, 'index', 'google', 'gcp-halden-ai', 'key_docs_google', 'embeddings', 'standard', 'gemini-embedding-001', 100000, 0, 0),
        ('eval', 100, 'grade', 'openai', 'org-halden-lab', 'key_eval_openai', 'chat', 'batch', 'gpt-5-mini', 7000, 500, 20)
    ) as s (kind, share, step, provider, billing_account_id, api_key_id, endpoint, service_tier, reported_model, input_to, output_to, cached_percent)
),
ranged as (
    select *, sum(share) over (partition by kind order by step, reported_model rows unbounded preceding) as share_to from shares
)
select ranged.*, cast(buckets.n as integer) as bucket
from ranged cross join range(100) as buckets (n)
where buckets.n < share_to and buckets.n >= share_to - share;

-- @ usage: calls {low} to {high}; a call follows its unit's opening by up to two days, one call in a thousand arrives twice
copy (
    with numbered as (
        select
            i,
            starts_at(i) + to_microseconds(cast(hash(i, 'instant') % {step_us} as bigint)) as occurred_at,
            (i - least(i, pick(i, 'unit', {two_days}))) // 5 as u,
            pick(i, 'traffic', 1000) as traffic,
            pick(i, 'try', 1000) as try,
            pick(i, 'end', 1000) as ending,
            pick(i, 'size', 1000) as size,
            pick(i, 'cache', 100) as cache,
            pick(i, 'odd', 10000) as odd
        from range({low}, {high}) as rows (i)
    ),
    called as (
        select
            numbered.*,
            case when try < 930 then 1 when try < 985 then 2 when try < 998 then 3 else 4 end as attempt_number,
            case when ending < 925 then 'success' when ending < 960 then 'error' when ending < 975 then 'timeout' when ending < 995 then 'partial' else 'cancelled' end as status,
            case when traffic < 935 then unit_kind(u) when traffic < 970 then 'lab' when traffic < 980 then 'index' else 'eval' end as kind
        from numbered
    ),
    routed as (
        select
            called.*,
            routes.* exclude (kind, share, share_to, bucket),
            kinds.application, kinds.workflow, kinds.agent_id, kinds.cost_center,
            called.kind not in ('lab', 'index', 'eval') as has_unit,
            called.kind not in ('lab', 'index', 'eval') and called.odd < 60 as is_shared,
            case
                when called.status = 'timeout' then null
                when called.status = 'error' then 0
                when called.odd >= 9980 and routes.input_to > 15000 then 200000 + called.size * 100
                else 40 + cast((cast(routes.input_to as bigint) * called.size * called.size) // 1000000 as integer)
            end as input_tokens
        from called
        inner join routes on called.kind = routes.kind and pick(called.i, 'route', 100) = routes.bucket
        inner join kinds on called.kind = kinds.kind
    ),
    metered as (
        select
            *,
            cast(input_tokens * (cached_percent * cache // 100) // 100 as integer) as cache_read_tokens,
            case when provider = 'anthropic' and cache < 40 then input_tokens // 8 end as cache_write_5m_tokens,
            case when provider = 'anthropic' and cache >= 95 then input_tokens // 10 end as cache_write_1h_tokens,
            case when input_tokens = 0 then 0 when input_tokens is not null then output_to * (20 + pick(i, 'length', 180)) // 200 end as output_tokens
        from routed
    ),
    told as (
        select
            printf('req_%016x%08x', hash(i, 'id'), i) as request_id,
            occurred_at,
            case
                when odd between 100 and 119 then occurred_at + to_hours(1 + pick(i, 'late', 96))
                when odd % 10 < 8 then occurred_at + to_seconds(2 + pick(i, 'late', 58))
            end as ingested_at,
            case when has_unit then unit_place(u) when kind = 'eval' then 'evaluation' else 'production' end as environment,
            application,
            case when odd between 200 and 399 then null else workflow end as workflow,
            step,
            case when is_shared then 'triage-router' else agent_id end as agent_id,
            case when has_unit and not is_shared then unit_tenant(u) end as tenant_id,
            case when has_unit and try % 8 > 0 then unit_team(u) end as team,
            case when has_unit and try % 2 > 0 then cost_center end as cost_center,
            provider, billing_account_id, api_key_id, endpoint, service_tier,
            case
                when i % 20011 = 3 then null
                when odd between 9900 and 9904 then 'halden-support-ft-0426'
                else reported_model
            end as reported_model,
            case when endpoint = 'chat' then case when pick(u, 'arm', 2) = 0 then 'v13' else 'v14' end end as prompt_version,
            status,
            input_tokens,
            case when i % 30011 = 5 then input_tokens + 1 else cache_read_tokens end as cache_read_tokens,
            cache_write_5m_tokens,
            cache_write_1h_tokens,
            output_tokens,
            case when reported_model like 'gpt-5%' or reported_model like 'o4%' then output_tokens * cache // 300 end as reasoning_tokens,
            1 as requests,
            attempt_number,
            attempt_number > 1 and try % 5 = 0 as is_fallback,
            case when attempt_number > 1 then printf('req_%016x%08x', hash(i - 1, 'id'), i - 1) end as retry_of_request_id,
            case when has_unit and not is_shared then kind end as unit_type,
            case when has_unit and not is_shared then unit_name(u) end as unit_id,
            case when is_shared then printf(
                '[{{"unit_type":"%s","unit_id":"%s","share":0.6}},{{"unit_type":"%s","unit_id":"%s","share":0.4}}]',
                unit_kind(u), unit_name(u), unit_kind(u + 1), unit_name(u + 1)
            ) end as unit_shares,
            case when has_unit then printf('tr_%08d_%d', u, size % 3) end as trace_id,
            case when has_unit then printf('se_%08d', u) end as session_id,
            case when odd < 1200 or odd between 9900 and 9901 then cast(coalesce(input_tokens, 0) * 0.0000025 + coalesce(output_tokens, 0) * 0.00001 as decimal(18, 9)) end as reported_cost_amount,
            case when odd < 1200 or odd between 9900 and 9901 then 'USD' end as reported_cost_currency,
            i
        from metered
    ),
    delivered as (
        select * from told
        union all
        select * replace (
            coalesce(ingested_at, occurred_at) + interval 1 hour as ingested_at,
            case when i % 20000 = 7 then output_tokens + 1 else output_tokens end as output_tokens
        )
        from told
        where i % 1000 = 7
    )
    select * exclude (i) from delivered order by i
) to '{folder}/ai_usage_events/part-{part}.parquet' (format parquet, compression zstd, row_group_size 122880);

-- @ units: what happened to units {low} to {high}
copy (
    with units as (
        select
            u,
            unit_kind(u) as kind,
            starts_at(u * 5) as opened_at,
            starts_at(u * 5) + interval 2 day + to_seconds(pick(u, 'worked', 345600)) as ended_at,
            pick(u, 'fate', 1000) as fate,
            pick(u, 'again', 1000) as again,
            pick(u, 'wait', 1000) as wait
        from range({low}, {high}) as rows (u)
    ),
    known as (
        select units.*, kinds.* exclude (kind) from units inner join kinds on units.kind = kinds.kind
    ),
    told as (
        select 1 as n, 'opened' as event_type, null as outcome, opened_at as occurred_at, * from known
        union all
        select
            2, 'outcome',
            case when fate < 800 then good when fate < 870 then bad when fate < 930 then escalated when fate < 950 then dropped else waiting end,
            ended_at, *
        from known where fate < 970
        union all
        select 3, 'outcome', good, ended_at + interval 90 minute, * from known where fate < 800 and again >= 990
        union all
        select 4, 'reopened', null, ended_at + to_seconds(3600 + window_hours * wait * 36 // 5), * from known where fate < 800 and again < 50
        union all
        select
            5, 'outcome', case when again < 38 then good else bad end,
            ended_at + to_seconds(3600 + window_hours * wait * 36 // 5) + interval 20 hour, *
        from known where fate < 800 and again < 45
    ),
    stated as (
        select
            printf('ue_%08d_%d', u, n) as event_id, kind as unit_type, unit_name(u) as unit_id, unit_place(u) as environment,
            application, event_type, outcome, occurred_at, occurred_at + to_seconds(60 + wait) as ingested_at,
            unit_tenant(u) as tenant_id, unit_team(u) as team,
            case when n = 1 then cost_center end as cost_center, workflow, agent_id,
            case when outcome = escalated then 'low_confidence' end as escalation_reason,
            case when outcome = good and again % 4 = 0 then printf('0.%02d', 50 + again % 50) end as csat,
            case when outcome = good and n = 2 and kind in ('claim', 'loan_application') then 120 + wait end as value_amount,
            case when outcome = good and n = 2 and kind in ('claim', 'loan_application') then 'USD' end as value_currency,
            case when n = 1 then case when pick(u, 'arm', 2) = 0 then 'control' else 'treatment' end end as cohort,
            case when n = 1 then printf('{{"complexity":"%s","language":"en"}}', case when wait < 300 then 'hard' else 'normal' end) end as attributes,
            u
        from told
        where occurred_at < timestamp '2026-11-06'
    ),
    delivered as (
        select * from stated
        union all
        select * replace (ingested_at + interval 1 hour as ingested_at) from stated where u % 500 = 7 and event_type = 'opened'
    )
    select * exclude (u) from delivered order by cast(occurred_at as date), u
) to '{folder}/unit_events/part-{part}.parquet' (format parquet, compression zstd, row_group_size 122880);

-- @ side: reviews and metered charges of units 0 to {units}
copy (
    select
        printf('rv_%08d', u) as review_id, kind as unit_type, unit_name(u) as unit_id, reviewer_role,
        printf('%s_%03d', reviewer_role, pick(u, 'reviewer', 200)) as reviewer_id,
        starts_at(u * 5) + to_hours(40) + to_seconds(pick(u, 'sat', 28800)) as started_at,
        cast(2 + pick(u, 'minutes', 1500) * 0.01 as decimal(9, 2)) as minutes,
        case when pick(u, 'corrected', 10) < 3 then 'corrected' else 'approved' end as review_result,
        case when pick(u, 'told', 10) < 8 then unit_place(u) end as environment,
        starts_at(u * 5) + to_hours(49) as ingested_at, unit_team(u) as team
    from range({units}) as rows (u)
    inner join kinds on kinds.kind = unit_kind(u)
    where pick(u, 'review', 1000) < 60
    order by u
) to '{folder}/human_reviews/part-0.parquet' (format parquet, compression zstd);
copy (
    select
        printf('mc_%08d', u) as charge_id, starts_at(u * 5) + to_seconds(pick(u, 'charge', 86400)) as occurred_at,
        case when pick(u, 'service', 4) < 2 then 'retrieval' else 'tool_integration' end as layer,
        case pick(u, 'service', 4) when 2 then 'sms' when 3 then case kind when 'loan_application' then 'esignature' else 'ocr' end else 'vector_lookup' end as service,
        1 + pick(u, 'quantity', 9) as quantity,
        case pick(u, 'service', 4) when 2 then 'message' when 3 then case kind when 'loan_application' then 'envelope' else 'page' end else 'query' end as quantity_unit,
        unit_place(u) as environment, application, workflow, agent_id, unit_tenant(u) as tenant_id,
        case when pick(u, 'told', 20) > 0 then kind end as unit_type, case when pick(u, 'told', 20) > 0 then unit_name(u) end as unit_id,
        starts_at(u * 5) + to_hours(25) as ingested_at
    from range({units}) as rows (u)
    inner join kinds on kinds.kind = unit_kind(u)
    where pick(u, 'charged', 1000) < 150
    order by u
) to '{folder}/metered_costs/part-0.parquet' (format parquet, compression zstd);

-- @ finance: what providers export and bill, pools and revenue; vendors' rounded list prices, one quantity in seven adjusted
create temp table vendor_prices as
from (values
    ('text-embedding-3-small', 0.02, 0, 0), ('gpt-5-nano', 0.05, 0.005, 0.4), ('gpt-5-mini-2025-08-07', 0.24, 0.024, 1.92),
    ('gpt-5-mini', 0.24, 0.024, 1.92), ('gpt-5', 1.25, 0.125, 10), ('claude-sonnet-4-5', 3, 0.3, 15),
    ('claude-sonnet-4-5-20250929', 3, 0.3, 15), ('claude-haiku-4-5', 1, 0.1, 5), ('gemini-2.5-flash', 0.3, 0.03, 2.5),
    ('gemini-2.5-pro', 1.25, 0.125, 10), ('o4-mini-2025-04-16', 1.1, 0.275, 4.4), ('text-embedding-3-large', 0.13, 0, 0),
    ('mistral-medium-3-1', 0.36, 0.036, 1.8), ('gemini-embedding-001', 0.15, 0, 0)
) as p (model, input_price, cache_price, output_price);
create temp table billed as
with used as (
    select
        date_trunc('month', occurred_at) as period_month, provider, billing_account_id, reported_model as model, service_tier,
        sum(input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_5m_tokens, 0) - coalesce(cache_write_1h_tokens, 0)) as input_uncached,
        sum(cache_read_tokens) as cache_read, sum(output_tokens) as output
    from read_parquet('{folder}/ai_usage_events/*.parquet')
    where reported_model is not null
    group by all
),
listed as (
    unpivot used on input_uncached, cache_read, output into name meter value quantity
)
select
    listed.* replace (cast(quantity + case when pick(period_month, model || meter, 7) = 0 then quantity // 80 else 0 end as bigint) as quantity),
    case meter when 'input_uncached' then input_price when 'cache_read' then cache_price else output_price end
    * case service_tier when 'batch' then 0.5 else 1 end as price,
    case provider when 'mistral' then 'EUR' else 'USD' end as currency
from listed inner join vendor_prices using (model)
where quantity > 0;
copy (
    select
        printf('pu_%d', row_number() over (order by period_month, billing_account_id, model, meter, service_tier)) as line_id,
        provider, billing_account_id, strftime(period_month, '%Y-%m-%dT00:00:00Z') as period_start,
        strftime(period_month + interval 1 month, '%Y-%m-%dT00:00:00Z') as period_end, model, meter, service_tier,
        cast(quantity as varchar) as quantity, 'tokens' as quantity_unit,
        cast(cast(quantity * price * 0.000001 as decimal(18, 6)) as varchar) as amount, currency,
        strftime(period_month + interval 1 month, '%Y-%m-%dT07:00:00Z') as ingested_at
    from billed where provider in ('openai', 'anthropic') order by line_id
) to '{folder}/provider_usage/part-0.jsonl' (format json);
copy (
    with lines as (
        select period_month, provider, billing_account_id, model, meter, service_tier, 'usage' as line_type, quantity,
            cast(price * 0.000001 as decimal(18, 12)) as unit_price, cast(quantity * price * 0.000001 as decimal(18, 2)) as amount, currency
        from billed
        union all
        select period_month, provider, billing_account_id, null, null, null, 'credit', null, null, cast(-sum(quantity * price * 0.000001) * 0.01 as decimal(18, 2)), currency
        from billed where provider = 'google' group by all
        union all
        select period_month, provider, billing_account_id, null, null, null, 'tax', null, null, cast(sum(quantity * price * 0.000001) * 0.2 as decimal(18, 2)), currency
        from billed where provider = 'mistral' group by all
    )
    select
        billing_account_id || strftime(period_month, '-%Y-%m') as invoice_id,
        row_number() over (partition by billing_account_id, period_month order by line_type, model, meter, service_tier) as invoice_line_id,
        case provider when 'google' then 'google-cloud' when 'azure' then 'microsoft' else provider end as issuer,
        provider, billing_account_id, cast(period_month as date) as billing_period_start,
        cast(period_month + interval 1 month as date) as billing_period_end, cast(period_month + interval 1 month + interval 3 day as date) as issued_on,
        'issued' as status, line_type, model, meter, service_tier, null as description, quantity,
        case when quantity is not null then 'tokens' end as quantity_unit, unit_price, amount, currency,
        cast(period_month as date) as charge_period_start, cast(period_month + interval 1 month as date) as charge_period_end,
        null as reference_invoice_id, strftime(period_month + interval 1 month, '%Y-%m-04T09:00:00Z') as ingested_at
    from lines order by invoice_id, invoice_line_id
) to '{folder}/invoice_lines/part-0.csv' (format csv, header);
copy (
    select
        printf('sc_%s_%s', strftime(period_month, '%Y-%m'), pool) as shared_cost_id, pool, layer, cast(period_month as date) as period_start,
        cast(period_month + interval 1 month as date) as period_end, cast(amount * {rows} / 50000 * (95 + pick(period_month, pool, 10)) / 100 as decimal(18, 2)) as amount,
        currency, vendor, null as invoice_id, null as billing_account_id, environment, null as capacity_quantity, null as capacity_unit,
        strftime(period_month + interval 1 month, '%Y-%m-04T10:00:00Z') as ingested_at
    from (select timestamp '2025-10-01' + to_months(cast(n as integer)) as period_month from range(13) as months (n)) as months
    cross join (values
        ('platform', 'platform', 23.44, 'USD', 'halden-cloud', 'production'), ('observability', 'observability', 9.59, 'USD', 'lumetrics', 'production'),
        ('vector_store', 'retrieval', 6.97, 'EUR', 'vektra', 'production'), ('security_scanning', 'security_compliance', 3.89, 'USD', 'clearpath', 'production'),
        ('evaluation_suite', 'evaluation', 5.80, 'USD', 'halden-cloud', 'production'), ('data_licence', 'data_licence', 9.00, 'USD', 'registry-data', 'production'),
        ('support_desk', 'platform', 3.50, 'USD', 'halden-cloud', 'production'), ('staging_platform', 'platform', 4.20, 'USD', 'halden-cloud', 'staging')
    ) as pools (pool, layer, amount, currency, vendor, environment)
    order by 1
) to '{folder}/shared_costs/part-0.csv' (format csv, header);
copy (
    select
        printf('tenant_%02d', t) as tenant_id, cast(period_month as date) as period_start, cast(period_month + interval 1 month as date) as period_end,
        cast((60 - t) * {rows} / 50000 * 1.5 as decimal(18, 2)) as revenue_amount, 'USD' as currency, 'support' as product
    from range(1, 45) as tenants (t)
    cross join (select timestamp '2025-10-01' + to_months(cast(n as integer)) as period_month from range(13) as months (n)) as months
    order by 1, 2
) to '{folder}/tenant_revenue/part-0.csv' (format csv, header);

-- @ lines: the first million calls as the JSON lines that a producer writes, for measuring the landing
copy (
    select
        request_id, strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%fZ') as timestamp_utc, strftime(ingested_at, '%Y-%m-%dT%H:%M:%S.%fZ') as ingested_at,
        environment, application, workflow, step, agent_id, tenant_id, team, cost_center, provider, billing_account_id, api_key_id,
        endpoint, service_tier, reported_model as model_or_deployment, prompt_version, status,
        case when input_tokens is not null then {{
            'input_tokens': input_tokens, 'cached_input_tokens': cache_read_tokens, 'cache_write_5m_tokens': cache_write_5m_tokens,
            'cache_write_1h_tokens': cache_write_1h_tokens, 'output_tokens': output_tokens, 'reasoning_tokens': reasoning_tokens,
            'total_tokens': input_tokens + output_tokens, 'requests': requests
        }} end as usage,
        {{'attempt_number': attempt_number, 'fallback_used': is_fallback, 'retry_of_request_id': retry_of_request_id}} as routing,
        case when unit_id is not null then {{'unit_type': unit_type, 'unit_id': unit_id}} end as business_unit,
        cast(unit_shares as json) as business_units, trace_id, session_id,
        case when reported_cost_amount is not null then {{'amount': cast(reported_cost_amount as varchar), 'currency': reported_cost_currency}} end as cost_estimate
    from read_parquet('{folder}/ai_usage_events/part-00.parquet')
    limit 1000000
) to '{lines}/ai_usage_events/part-0.jsonl' (format json);
