-- The headline results by hand: one DuckDB script that reads the same files and seeds under the same rules as the
-- models, and nothing more than these results need. floor.py fills in {braces} and times each "-- @ step".

-- @ policy: seeds and the wide dated prices
create temp macro month_of(t) as cast(date_trunc('month', t) as date);
create temp table environments as from read_csv('{seeds}/policy/environments.csv', all_varchar = true);
create temp table unit_types as from read_csv('{seeds}/policy/unit_types.csv', types = {{'reopen_window_hours': 'integer', 'abandon_after_hours': 'integer'}});
create temp table outcome_statuses as from read_csv('{seeds}/policy/outcome_statuses.csv', all_varchar = true);
create temp table accounts as from read_csv('{seeds}/organization/billing_accounts.csv', all_varchar = true);
create temp table spot as
select currency_from as currency, rate_date, rate
from read_csv('{seeds}/pricing/fx_rates.csv', types = {{'rate': 'decimal(24, 12)', 'rate_date': 'date'}})
where rate_type = 'spot' and currency_to = 'USD';
create temp table owners as
with teams as (from read_csv('{seeds}/organization/teams.csv', all_varchar = true))
select 'team' as owner_type, team as owner_id, cost_center from teams
union all select 'workflow', workflow, cost_center from read_csv('{seeds}/organization/workflows.csv', all_varchar = true)
union all select 'application', application, cost_center from read_csv('{seeds}/organization/applications.csv', all_varchar = true)
union all select 'account', billing_account_id, cost_center from accounts
union all
select 'agent', agents.agent_id, teams.cost_center
from read_csv('{seeds}/organization/agents.csv', all_varchar = true) as agents inner join teams using (team);

create temp table keys as
select api_key_id, bool_or(is_shared = 'true') as is_shared, min(cost_center) as cost_center
from read_csv('{seeds}/organization/api_keys.csv', all_varchar = true) as k
left join owners as o using (owner_type, owner_id)
group by all;

create temp table list_rates as
select
    provider, model, meter, service_tier, context_tokens_over as context_from,
    cast(price * case per_quantity when 1000000 then 1 when 1000 then 1000 else 1000000 end as decimal(18, 9)) as rate,
    currency, coalesce(valid_from, timestamp '0001-01-01') as valid_from, coalesce(valid_to, timestamp '9999-12-31') as valid_to
from read_csv('{seeds}/pricing/list_prices.csv', types = {{
    'price': 'decimal(24, 12)', 'valid_from': 'timestamp', 'valid_to': 'timestamp', 'observed_on': 'date', 'context_tokens_over': 'integer'
}})
where provider in ('openai', 'anthropic', 'google', 'azure', 'mistral') and time_from_utc is null
qualify observed_on = max(observed_on) over (partition by provider, model, meter, service_tier, context_tokens_over);

create temp table rates as
with contracts as (
    from read_csv('{seeds}/pricing/contract_prices.csv', types = {{
        'price': 'decimal(24, 12)', 'discount_rate': 'decimal(9, 6)', 'valid_from': 'timestamp', 'valid_to': 'timestamp',
        'recorded_at': 'timestamp', 'context_tokens_over': 'integer'
    }})
    where recorded_at is null or recorded_at <= timestamp '{as_of}'
),
from_contracts as (
    select
        billing_account_id as book, contract_id, provider, model, meter, coalesce(service_tier, 'standard') as service_tier,
        coalesce(context_tokens_over, 0) as context_from,
        cast(price * case per_quantity when 1000000 then 1 when 1000 then 1000 else 1000000 end as decimal(18, 9)) as rate,
        currency, coalesce(valid_from, timestamp '0001-01-01') as valid_from, coalesce(valid_to, timestamp '9999-12-31') as valid_to
    from contracts where price is not null
    union all
    select
        c.billing_account_id, c.contract_id, l.provider, l.model, l.meter, l.service_tier, l.context_from,
        cast(l.rate * cast(1 - c.discount_rate as decimal(9, 6)) as decimal(18, 9)), l.currency,
        greatest(coalesce(c.valid_from, l.valid_from), l.valid_from), least(coalesce(c.valid_to, timestamp '9999-12-31'), l.valid_to)
    from contracts as c
    inner join list_rates as l
        on
            c.provider = l.provider and coalesce(c.model, l.model) = l.model and coalesce(c.meter, l.meter) = l.meter
            and coalesce(c.service_tier, l.service_tier) = l.service_tier
            and coalesce(c.context_tokens_over, l.context_from) = l.context_from
            and coalesce(c.valid_from, l.valid_from) < l.valid_to and coalesce(c.valid_to, timestamp '9999-12-31') > l.valid_from
    where c.price is null
),
books as (
    select distinct book, provider from from_contracts
    union all
    select distinct 'list', provider from list_rates
)
select book, 1 as specificity, contract_id, * exclude (book, contract_id) from from_contracts
union all
select books.book, 2, null, list_rates.* from books inner join list_rates using (provider);
update rates set meter = 'input_uncached' where meter = 'embedding_input';

create temp table prices as
with cuts as (
    select book, provider, model, service_tier, valid_from as starts_at from rates
    union select book, provider, model, service_tier, valid_to from rates
    union select book, provider, model, service_tier, timestamp '0001-01-01' from rates
),
stretches as (
    select *, lead(starts_at) over (partition by book, provider, model, service_tier order by starts_at) as ends_at from cuts
),
bounds as (
    select book, provider, model, service_tier, context_from from rates
    union select book, provider, model, service_tier, 0 from rates
),
contexts as (
    select *, coalesce(lead(context_from) over (partition by book, provider, model, service_tier order by context_from), 2000000000) as context_to from bounds
),
chosen as (
    select s.*, c.context_from, c.context_to, r.meter, r.rate, r.currency, r.contract_id
    from stretches as s
    inner join contexts as c using (book, provider, model, service_tier)
    inner join rates as r
        on
            s.book = r.book and s.provider = r.provider and s.model = r.model and s.service_tier = r.service_tier
            and s.starts_at >= r.valid_from and s.ends_at <= r.valid_to and c.context_from >= r.context_from
    qualify row_number() over (
        partition by s.book, s.provider, s.model, s.service_tier, s.starts_at, c.context_from, r.meter
        order by r.specificity, r.context_from desc
    ) = 1
),
wide as (
    select
        book, provider, model, service_tier, starts_at, ends_at, context_from, context_to,
        coalesce(max(currency) filter (contract_id is not null), max(currency)) as currency,
        max(contract_id) as contract_id,
        max(rate) filter (meter = 'input_uncached') as input_rate,
        coalesce(max(rate) filter (meter = 'cache_read'), max(rate) filter (meter = 'input_uncached')) as cache_rate,
        max(rate) filter (meter = 'cache_write_5m') as write_5m_rate,
        max(rate) filter (meter = 'cache_write_1h') as write_1h_rate,
        max(rate) filter (meter = 'output') as output_rate,
        max(rate) filter (meter = 'request') as request_rate
    from chosen group by 1, 2, 3, 4, 5, 6, 7, 8
),
aliases as (
    select provider, reported_model, model, coalesce(price_provider, provider) as price_provider,
        coalesce(valid_from, timestamp '0001-01-01') as valid_from, coalesce(valid_to, timestamp '9999-12-31') as valid_to
    from read_csv('{seeds}/pricing/model_aliases.csv', types = {{'valid_from': 'timestamp', 'valid_to': 'timestamp', 'observed_on': 'date'}})
    qualify observed_on is null or observed_on = max(observed_on) over (partition by provider, reported_model)
),
names as (
    from aliases
    union all
    select distinct provider, lower(model), model, provider, timestamp '0001-01-01', timestamp '9999-12-31'
    from rates where not exists (from aliases where aliases.provider = rates.provider and aliases.reported_model = lower(rates.model))
)
select
    n.provider, n.reported_model, w.* exclude (provider, starts_at, ends_at),
    greatest(w.starts_at, n.valid_from) as valid_from, least(w.ends_at, n.valid_to) as valid_to
from wide as w
inner join names as n on w.provider = n.price_provider and w.model = n.model and w.starts_at < n.valid_to and w.ends_at > n.valid_from;

-- @ dedupe: copies of a call; the latest to become known is kept
create temp table copies as
with repeated as (
    select hash(request_id) as h from read_parquet('{feeds}/ai_usage_events/*.parquet') group by 1 having count(*) > 1
),
suspects as (
    select provider, billing_account_id, request_id, ingested_at, filename, file_row_number
    from read_parquet('{feeds}/ai_usage_events/*.parquet', filename = true, file_row_number = true)
    where hash(request_id) in (from repeated) and reported_model is not null and coalesce(cache_read_tokens, 0) <= coalesce(input_tokens, 0)
)
select filename, file_row_number from suspects
qualify row_number() over (partition by provider, billing_account_id, request_id order by ingested_at desc nulls last) > 1;

-- @ pricing: a macro, so that each step below reads the columns that it needs
create temp macro micros(quantity, rate) as cast(cast(coalesce(quantity, 0) as decimal(9, 0)) * rate as decimal(18, 6));
create temp view priced as
with calls as (
    select * from read_parquet('{feeds}/ai_usage_events/*.parquet', filename = true, file_row_number = true) as c
    anti join copies on c.file_row_number = copies.file_row_number and c.filename = copies.filename
    where reported_model is not null
        and coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0) <= coalesce(input_tokens, 0)
),
metered as (
    select
        calls.*, environments.environment as place, prices.contract_id, prices.currency as price_currency,
        case
            when prices.provider is null then null
            when input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_5m_tokens, 0) - coalesce(cache_write_1h_tokens, 0) > 0 and input_rate is null then false
            when cache_read_tokens > 0 and cache_rate is null then false
            when cache_write_5m_tokens > 0 and write_5m_rate is null then false
            when cache_write_1h_tokens > 0 and write_1h_rate is null then false
            when output_tokens > 0 and output_rate is null then false
            else true
        end as is_priced,
        cast(
            coalesce(micros(input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_5m_tokens, 0) - coalesce(cache_write_1h_tokens, 0), input_rate), 0)
            + coalesce(micros(cache_read_tokens, cache_rate), 0) + coalesce(micros(cache_write_5m_tokens, write_5m_rate), 0)
            + coalesce(micros(cache_write_1h_tokens, write_1h_rate), 0) + coalesce(micros(output_tokens, output_rate), 0)
            + coalesce(micros(requests, request_rate), 0) as decimal(18, 6)
        ) as priced_micros,
        cast(reported_cost_amount * 1000000 as decimal(18, 6)) as reported_micros
    from calls
    left join environments on calls.environment = environments.reported_environment
    left join (select distinct provider, book from prices where book <> 'list') as books on calls.provider = books.provider and calls.billing_account_id = books.book
    left join prices
        on
            calls.provider = prices.provider and lower(calls.reported_model) = prices.reported_model
            and calls.service_tier = prices.service_tier and coalesce(books.book, 'list') = prices.book
            and calls.occurred_at >= prices.valid_from and calls.occurred_at < prices.valid_to
            and greatest(coalesce(calls.input_tokens, 0), 1) > prices.context_from and coalesce(calls.input_tokens, 0) <= prices.context_to
),
valued as (
    select
        *,
        case
            when input_tokens is not null and is_priced then priced_micros
            when reported_micros > 0 then reported_micros
            when input_tokens is not null and priced_micros > 0 then priced_micros
        end as cost_micros,
        case
            when input_tokens is not null and is_priced then price_currency
            when reported_micros > 0 then reported_cost_currency
            when input_tokens is not null and priced_micros > 0 then price_currency
            else 'USD'
        end as cost_currency
    from metered
)
select
    valued.* replace (coalesce(place, 'unknown') as environment),
    case when cost_currency = 'USD' then cost_micros else cast(cost_micros * rate as decimal(18, 6)) end as cost_micros_usd
from valued
left join spot on valued.cost_currency = spot.currency and cast(valued.occurred_at as date) = spot.rate_date;

-- @ monthly: all that showback and reconciliation ask of the calls
create temp table monthly as
select
    month_of(occurred_at) as period_month, environment, application, workflow, agent_id, tenant_id, team, cost_center, provider, billing_account_id, api_key_id, cost_currency,
    sum(requests) as requests, sum(cost_micros) as cost_micros, sum(cost_micros_usd) as cost_micros_usd
from priced
group by all;

-- @ outcomes: facts of units, cut into episodes
create temp table facts as
with told as (
    select e.*, coalesce(environments.environment, 'unknown') as place,
        case when e.event_type = 'cancelled' then 'cancelled' else s.classification end as classification
    from read_parquet('{feeds}/unit_events/*.parquet') as e
    left join environments on e.environment = environments.reported_environment
    left join outcome_statuses as s on e.event_type = 'outcome' and e.unit_type = s.unit_type and e.outcome = s.outcome
),
repeated as (select event_id from told group by event_id having count(*) > 1)
select told.* exclude (environment, place), place as environment, unit_types.reopen_window_hours as window_hours
from told left join unit_types using (unit_type)
where event_id not in (from repeated)
union all
select told.* exclude (environment, place), place, unit_types.reopen_window_hours
from told left join unit_types using (unit_type)
where event_id in (from repeated)
qualify row_number() over (partition by event_id order by ingested_at desc) = 1;

-- Only units with a breaker or a repeated success need their facts in order.
create temp table tangled as
select environment, unit_type, unit_id from facts
where event_type = 'reopened' or classification in ('success', 'failed', 'escalated', 'cancelled')
group by all having count(*) > 1;
create temp table ordered as
with numbered as (
    select
        facts.*,
        case when event_type = 'opened' then 0 when event_type = 'reopened' then 1 when classification = 'success' then 2 when classification = 'pending' then 3 when classification in ('failed', 'escalated') then 4 else 5 end as precedence,
        event_type = 'reopened' or coalesce(classification in ('failed', 'escalated', 'cancelled'), false) as is_breaker,
        coalesce(classification = 'success', false) as is_success
    from facts semi join tangled using (environment, unit_type, unit_id)
),
runs as (
    select *, count(*) filter (is_breaker) over (u rows between unbounded preceding and current row) as run
    from numbered window u as (partition by environment, unit_type, unit_id order by occurred_at, precedence, outcome)
),
spaced as (
    select *, case when is_success then lag(occurred_at) over (partition by environment, unit_type, unit_id, run, is_success order by occurred_at, precedence) end as previous_success_at
    from runs
),
settled as (
    select *, is_success and count(*) filter (occurred_at > previous_success_at + to_hours(window_hours)) over (
        partition by environment, unit_type, unit_id, run, is_success order by occurred_at, precedence rows between unbounded preceding and current row) = 0 as is_resolution
    from spaced
),
answered as (
    select *,
        max(occurred_at) filter (is_resolution) over (u rows between unbounded preceding and current row) as resolved_so_far,
        max(occurred_at) filter (is_breaker) over (u rows between unbounded preceding and 1 preceding) as previous_breaker_at
    from settled window u as (partition by environment, unit_type, unit_id order by occurred_at, precedence, outcome)
)
select *, 1 + count(*) filter (
        is_breaker and occurred_at > resolved_so_far + to_hours(window_hours)
        and (previous_breaker_at is null or previous_breaker_at < resolved_so_far)
    ) over (partition by environment, unit_type, unit_id order by occurred_at, precedence, outcome rows between unbounded preceding and current row) as episode
from answered;
create temp table episodes as
select environment, unit_type, unit_id, episode, min(occurred_at) as starts_at,
    lead(min(occurred_at), 1, timestamp '9999-12-31') over (partition by environment, unit_type, unit_id order by episode) as ends_at
from ordered where episode > 1 group by 1, 2, 3, 4;
create temp table outcomes as
with listed as (
    select environment, unit_type, unit_id, 1 as episode, occurred_at, event_type, classification,
        coalesce(classification = 'success', false) as is_resolution, application, workflow, agent_id, team, cost_center, window_hours
    from facts anti join tangled using (environment, unit_type, unit_id)
    union all
    select environment, unit_type, unit_id, episode, occurred_at, event_type, classification, is_resolution, application, workflow, agent_id, team, cost_center, window_hours
    from ordered
)
select
    environment, unit_type, unit_id, episode,
    min(occurred_at) as first_event_at, max(occurred_at) as last_event_at,
    max(occurred_at) filter (is_resolution) as resolved_at,
    max(occurred_at) filter (classification in ('failed', 'escalated')) as rejected_at,
    max(occurred_at) filter (event_type = 'reopened') as reopened_at,
    max(occurred_at) filter (classification = 'cancelled') as cancelled_at,
    min(application) as application, min(workflow) as workflow, min(agent_id) as agent_id, min(team) as team, min(cost_center) as cost_center,
    max(window_hours) as window_hours
from listed group by 1, 2, 3, 4;

-- @ reviews: metered charges and review minutes, priced
create temp table places as
select unit_type, unit_id, min(environment) as environment from facts where environment <> 'production' group by 1, 2;
create temp table side as
with charges as (
    select m.*, coalesce(environments.environment, 'unknown') as place,
        m.quantity * cast(p.price * case per_quantity when 1000 then 1000 when 1 then 1000000 else 1 end as decimal(18, 9)) as micros, p.currency
    from read_parquet('{feeds}/metered_costs/*.parquet') as m
    left join environments on m.environment = environments.reported_environment
    left join read_csv('{seeds}/pricing/service_prices.csv', types = {{'price': 'decimal(24, 12)', 'valid_from': 'timestamp', 'valid_to': 'timestamp'}}) as p
        on m.service = p.service and m.quantity_unit = p.quantity_unit and m.occurred_at >= p.valid_from and m.occurred_at < coalesce(p.valid_to, timestamp '9999-12-31')
),
sat as (
    select *, started_at + to_seconds(cast(minutes * 60 as integer)) as sat_until,
        max(started_at + to_seconds(cast(minutes * 60 as integer))) over (
            partition by reviewer_id order by started_at, review_id rows between unbounded preceding and 1 preceding) as busy_until
    from read_parquet('{feeds}/human_reviews/*.parquet')
),
billed as (
    select *,
        cast(case
            when busy_until is null or busy_until <= started_at then minutes
            when busy_until >= sat_until then 0
            else least(minutes, cast((2 * cast(epoch_us(sat_until) - epoch_us(busy_until) as hugeint) + 60) // 120 * cast(0.000001 as decimal(18, 6)) as decimal(20, 6)))
        end as decimal(20, 6)) as review_minutes
    from sat
),
rated as (
    select b.*, coalesce(case when b.environment is not null then coalesce(environments.environment, 'unknown') end, places.environment, 'production') as place,
        rates.currency,
        cast((2 * cast(b.review_minutes * 1000000 as hugeint) * cast(hourly_rate * 1000000 as hugeint) + 60) // 120 as decimal(38, 0)) * 0.000001 as micros
    from billed as b
    left join environments on b.environment = environments.reported_environment
    left join places on b.unit_type = places.unit_type and b.unit_id = places.unit_id
    left join read_csv('{seeds}/pricing/labor_rates.csv', types = {{'hourly_rate': 'decimal(18, 6)', 'valid_from': 'date', 'valid_to': 'date'}}) as rates
        on b.reviewer_role = rates.reviewer_role and b.started_at >= rates.valid_from and b.started_at < coalesce(rates.valid_to, date '9999-12-31')
),
both_kinds as (
    select 'metered' as source, place as environment, unit_type, unit_id, occurred_at, application, workflow, agent_id, null as team, null as cost_center, currency, micros from charges
    union all
    select 'review', place, unit_type, unit_id, started_at, null, null, null, team, null, currency, micros from rated
)
select b.* exclude (micros, currency), cast(case when b.currency = 'USD' then micros else cast(micros as decimal(18, 6)) * rate end as decimal(18, 6)) as cost_micros_usd
from both_kinds as b
left join spot on b.currency = spot.currency and cast(b.occurred_at as date) = spot.rate_date;

-- @ ledger: what each unit cost and how it ended
create temp table unit_costs as
with shares as (
    select p.*, s.share, s.unit_type as to_type, s.unit_id as to_id,
        row_number() over (partition by filename, file_row_number order by s.share desc) as turn
    from (from priced where unit_shares is not null and unit_id is null) as p,
        lateral (select unnest(from_json(p.unit_shares, '[{{"unit_type":"VARCHAR","unit_id":"VARCHAR","share":"DECIMAL(12,6)"}}]'), recursive := true)) as s
),
costs as (
    select environment, unit_type, unit_id, occurred_at, application, workflow, agent_id, team, cost_center, requests, cost_micros_usd from priced
    where unit_id is not null
    union all
    select environment, to_type, to_id, occurred_at, application, workflow, agent_id, team, cost_center, requests,
        cast(case
            when turn = 1 then cost_micros_usd - cast((2 * cast(cost_micros_usd * 1000000 as hugeint) * cast((1 - share) * 1000000 as hugeint) + 1000000 - 1) // 2000000 * 0.000001 as decimal(18, 6))
            else cast((2 * cast(cost_micros_usd * 1000000 as hugeint) * cast(share * 1000000 as hugeint) + 1000000 - 1) // 2000000 * 0.000001 as decimal(18, 6))
        end as decimal(18, 6))
    from shares
    union all
    select environment, unit_type, unit_id, occurred_at, application, workflow, agent_id, team, cost_center, 0, cost_micros_usd from side where unit_id is not null
)
select
    c.environment, c.unit_type, c.unit_id, coalesce(e.episode, 1) as episode,
    min(c.application) as application, min(c.workflow) as workflow, min(c.agent_id) as agent_id, min(c.team) as team, min(c.cost_center) as cost_center,
    min(c.occurred_at) as first_cost_at, max(c.occurred_at) as last_cost_at, sum(c.requests) as requests, sum(c.cost_micros_usd) as cost_micros_usd
from costs as c
left join episodes as e
    on c.environment = e.environment and c.unit_type = e.unit_type and c.unit_id = e.unit_id and c.occurred_at >= e.starts_at and c.occurred_at < e.ends_at
group by 1, 2, 3, 4;
create temp table ledger as
with joined as (
    select
        environment, unit_type, unit_id, episode,
        coalesce(o.application, c.application) as application, coalesce(o.workflow, c.workflow, unit_types.workflow) as workflow,
        coalesce(o.agent_id, c.agent_id) as agent_id, coalesce(o.team, c.team) as team, coalesce(o.cost_center, c.cost_center) as cost_center,
        least(first_event_at, first_cost_at) as started_at, greatest(last_event_at, last_cost_at) as last_activity_at,
        c.first_cost_at is not null or coalesce(resolved_at, rejected_at, cancelled_at) is not null as is_attempted,
        resolved_at, rejected_at, reopened_at, cancelled_at, window_hours, abandon_after_hours, coalesce(requests, 0) as requests,
        coalesce(cost_micros_usd, 0) as cost_micros_usd
    from outcomes as o
    full outer join unit_costs as c using (environment, unit_type, unit_id, episode)
    left join unit_types using (unit_type)
)
select
    environment, unit_type, unit_id, episode, application, workflow, month_of(started_at) as cohort_month, requests, cost_micros_usd,
    coalesce(j.cost_center, t.cost_center, w.cost_center, a.cost_center, g.cost_center, '__unassigned__') as cost_center,
    case
        when cancelled_at is not null then 'cancelled'
        when rejected_at is not null and (resolved_at is null or rejected_at >= resolved_at) then 'failed'
        when reopened_at > resolved_at then 'failed'
        when timestamp '{as_of}' > resolved_at + to_hours(window_hours) then 'success'
        when resolved_at is not null then 'pending'
        when timestamp '{as_of}' > last_activity_at + to_hours(abandon_after_hours) then 'failed'
        else 'pending'
    end as state
from joined as j
left join owners as t on t.owner_type = 'team' and t.owner_id = j.team
left join owners as w on w.owner_type = 'workflow' and w.owner_id = j.workflow
left join owners as a on a.owner_type = 'application' and a.owner_id = j.application
left join owners as g on g.owner_type = 'agent' and g.owner_id = j.agent_id
where is_attempted;

-- @ headline: the three results
create table {out}.cost_per_success as
select cohort_month as period_month, environment, workflow, unit_type,
    count(*) filter (state = 'success') as successful_units,
    sum(cost_micros_usd) as total_micros,
    sum(cost_micros_usd) filter (state <> 'pending') as final_micros
from ledger group by all;
create table {out}.showback as
select period_month, environment, cost_center, sum(direct_micros) as direct_micros from (
    select period_month, environment, coalesce(m.cost_center, t.cost_center, w.cost_center, a.cost_center, g.cost_center, case when k.is_shared then '__unassigned__' end, k.cost_center, b.cost_center, '__unassigned__') as cost_center, cost_micros_usd as direct_micros
    from monthly as m
    left join owners as t on t.owner_type = 'team' and t.owner_id = m.team
    left join owners as w on w.owner_type = 'workflow' and w.owner_id = m.workflow
    left join owners as a on a.owner_type = 'application' and a.owner_id = m.application
    left join owners as g on g.owner_type = 'agent' and g.owner_id = m.agent_id
    left join owners as b on b.owner_type = 'account' and b.owner_id = m.billing_account_id
    left join keys as k on k.api_key_id = m.api_key_id
) group by all;
create table {out}.reconciliation as
select period_month, provider, billing_account_id, cost_currency, coalesce(sum(cost_micros), 0) as cost_micros
from monthly group by all;
