{# All that differs between engines stands here. There is no default__: an engine that lacks a macro fails by its name. #}

{% macro int128(x) -%} {{ adapter.dispatch('int128', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__int128(x) -%} cast({{ x }} as hugeint) {%- endmacro %}
{% macro spark__int128(x) -%} cast({{ x }} as decimal(38, 0)) {%- endmacro %}

{% macro int_div(n, d) -%} {{ adapter.dispatch('int_div', 'ai_unit_economics')(n, d) }} {%- endmacro %}
{% macro duckdb__int_div(n, d) -%} (({{ n }}) // ({{ d }})) {%- endmacro %}
{% macro spark__int_div(n, d) -%} (({{ n }}) div ({{ d }})) {%- endmacro %}

{# Amounts of DECIMAL(26,12). DuckDB divides 128-bit decimals bit by bit, when it lowers a scale too: floating point guesses,
   an exact product says how far off the guess is, and the result is exact, thirty times faster. #}
{% macro pico_units(x) -%} {{ adapter.dispatch('pico_units', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__pico_units(x) -%}
    {%- set guess = int128('cast(' ~ x ~ ' as double) * 1e12') -%}
    ({{ guess }} + {{ int128('round(cast(' ~ x ~ ' - cast(' ~ guess ~ ' as decimal(26, 0)) * 0.000000000001 as double) * 1e12)') }})
{%- endmacro %}
{% macro spark__pico_units(x) -%} {{ int128(x ~ ' * 1000000000000') }} {%- endmacro %}

{# A quotient, half away from zero at pico: guessed, corrected by what the guess leaves, then by the last step or the tie.
   No CASE: DuckDB works out once what stands here several times, but not inside a CASE. #}
{% macro exact_ratio(n, d) -%} {{ adapter.dispatch('exact_ratio', 'ai_unit_economics')(n, d) }} {%- endmacro %}
{% macro duckdb__exact_ratio(n, d) -%}
    {%- set guess = 'cast(cast(' ~ n ~ ' as double) / cast(' ~ d ~ ' as double) as decimal(38, 12))' -%}
    {%- set near = '(' ~ guess ~ ' + cast(cast(' ~ n ~ ' - ' ~ guess ~ ' * ' ~ d ~ ' as double) / cast(' ~ d ~ ' as double) as decimal(38, 12)))' -%}
    {%- set rest = '(' ~ n ~ ' - ' ~ near ~ ' * ' ~ d ~ ')' -%}
    {%- set half = 'abs(' ~ d ~ ') * 0.000000000001' -%}
    ({{ near }} + cast(2 * abs({{ rest }}) > {{ half }} or (2 * abs({{ rest }}) = {{ half }} and sign({{ rest }}) = sign({{ n }})) as integer)
        * sign({{ rest }}) * sign({{ d }}) * 0.000000000001)
{%- endmacro %}
{% macro spark__exact_ratio(n, d) -%} {{ ratio_of_pico(pico(n), pico(d)) }} {%- endmacro %}

{# Whole numbers from 0 to 143: enough months for twelve years. #}
{% macro small_numbers() -%} {{ adapter.dispatch('small_numbers', 'ai_unit_economics')() }} {%- endmacro %}
{% macro duckdb__small_numbers() -%} select cast(range as integer) as n from range(144) {%- endmacro %}
{% macro spark__small_numbers() -%} select explode(sequence(0, 143)) as n {%- endmacro %}

{% macro matches(x, pattern) -%} {{ adapter.dispatch('matches', 'ai_unit_economics')(x, pattern) }} {%- endmacro %}
{% macro duckdb__matches(x, pattern) -%} regexp_full_match({{ x }}, '{{ pattern }}') {%- endmacro %}
{% macro spark__matches(x, pattern) -%} ({{ x }} rlike '^(?:{{ pattern | replace("\\", "\\\\") }})$') {%- endmacro %}

{% macro contains_pattern(x, pattern) -%} {{ adapter.dispatch('contains_pattern', 'ai_unit_economics')(x, pattern) }} {%- endmacro %}
{% macro duckdb__contains_pattern(x, pattern) -%} coalesce(regexp_matches({{ x }}, '{{ pattern }}'), false) {%- endmacro %}
{% macro spark__contains_pattern(x, pattern) -%} coalesce({{ x }} rlike '{{ pattern }}', false) {%- endmacro %}

{# One call reads all fields of a line: a call per field costs ten times as much. #}
{% macro json_texts(raw, paths) -%} {{ adapter.dispatch('json_texts', 'ai_unit_economics')(raw, paths) }} {%- endmacro %}
{% macro duckdb__json_texts(raw, paths) -%} json_extract_string({{ raw }}, ['{{ paths | join("', '") }}']) {%- endmacro %}
{% macro spark__json_texts(raw, paths) -%}
    array({% for path in paths %}get_json_object({{ raw }}, '{{ path }}'){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# The same, as JSON text: "10" keeps its quotes, so that a number given as text is told from a number. #}
{% macro json_values(raw, paths) -%} {{ adapter.dispatch('json_values', 'ai_unit_economics')(raw, paths) }} {%- endmacro %}
{% macro duckdb__json_values(raw, paths) -%} json_extract({{ raw }}, ['{{ paths | join("', '") }}']) {%- endmacro %}

{# The fields of a line at once, as text or as JSON text: one pass and no list, for the feed that has most lines. A path is a
   field or `object.field`. #}
{% macro json_record(raw, texts, values=[]) -%} {{ adapter.dispatch('json_record', 'ai_unit_economics')(raw, texts, values) }} {%- endmacro %}
{% macro duckdb__json_record(raw, texts, values) -%}
    {%- set shape = {} -%}
    {%- for paths, kind in [(texts, 'VARCHAR'), (values, 'JSON')] -%}{%- for path in paths -%}
        {%- set parts = path.split('.') -%}
        {%- if parts | length == 1 -%}{%- do shape.update({path: kind}) -%}
        {%- else -%}{%- do shape.setdefault(parts[0], {}).update({parts[1]: kind}) -%}{%- endif -%}
    {%- endfor -%}{%- endfor -%}
    json_transform({{ raw }}, '{{ tojson(shape) }}')
{%- endmacro %}

{# A look at the first and last letter; blanks beyond ASCII are left to whoever trims. #}
{% macro may_have_blank_ends(x) -%} {{ adapter.dispatch('may_have_blank_ends', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__may_have_blank_ends(x) -%} ({{ x }} < '!' or {{ x }} like '% ' or strlen({{ x }}) <> length({{ x }})) {%- endmacro %}
{% macro spark__may_have_blank_ends(x) -%} ({{ x }} < '!' or {{ x }} like '% ' or octet_length({{ x }}) <> length({{ x }})) {%- endmacro %}

{% macro list_item(list, position) -%} {{ adapter.dispatch('list_item', 'ai_unit_economics')(list, position) }} {%- endmacro %}
{% macro duckdb__list_item(list, position) -%} {{ list }}[{{ position }}] {%- endmacro %}
{% macro spark__list_item(list, position) -%} element_at({{ list }}, {{ position }}) {%- endmacro %}

{% macro json_is_object(raw) -%} {{ adapter.dispatch('json_is_object', 'ai_unit_economics')(raw) }} {%- endmacro %}
{% macro duckdb__json_is_object(raw) -%} case when starts_with({{ raw }}, '{') then true else coalesce(json_type({{ raw }}) = 'OBJECT', false) end {%- endmacro %}

{% macro json_keys_of(raw) -%} {{ adapter.dispatch('json_keys_of', 'ai_unit_economics')(raw) }} {%- endmacro %}
{% macro duckdb__json_keys_of(raw) -%} json_keys({{ raw }}) {%- endmacro %}

{% macro has_repeated_items(list) -%} {{ adapter.dispatch('has_repeated_items', 'ai_unit_economics')(list) }} {%- endmacro %}
{% macro duckdb__has_repeated_items(list) -%} (len({{ list }}) <> len(list_distinct({{ list }}))) {%- endmacro %}

{# Text without what the eye does not see: case, blanks, zero-width marks, ways of composing a letter, Cyrillic and Greek letters that
   look like Latin ones. #}
{% macro folded_text(x) -%} {{ adapter.dispatch('folded_text', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__folded_text(x) -%}
    lower(translate(
        regexp_replace(nfc_normalize({{ x }}), '[\s\x{00A0}\x{200B}-\x{200F}\x{2060}\x{FEFF}]', '', 'g'),
        'аеорсухіјѕԁһАВЕКМНОРСТХІЈЅαοιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'aeopcyxijsdhABEKMHOPCTXIJSaoiABEZHIKMNOPTYX'
    ))
{%- endmacro %}

{# Staging of producers' formats: JSON inside JSON, epoch times, and the first value by rank. #}
{% macro valid_json(x) -%} {{ adapter.dispatch('valid_json', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__valid_json(x) -%} case when json_valid({{ x }}) then {{ x }} end {%- endmacro %}

{# DuckDB reads a comma before a closing bracket; JSON knows none. Only a line that seems to have one is looked at without its
   texts. #}
{% macro has_stray_comma(x) -%} {{ adapter.dispatch('has_stray_comma', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__has_stray_comma(x) -%}
    case when regexp_matches({{ x }}, ',\s*[}\]]') then regexp_matches(regexp_replace({{ x }}, '"(\\.|[^"\\])*"', '""', 'g'), ',\s*[}\]]') else false end
{%- endmacro %}

{# Lateral rows (key, value) of a JSON object's members; an array's members have their position as key. #}
{% macro json_members(raw) -%} {{ adapter.dispatch('json_members', 'ai_unit_economics')(raw) }} {%- endmacro %}
{% macro duckdb__json_members(raw) -%} json_each({{ raw }}) {%- endmacro %}

{% macro json_scalar(x) -%} {{ adapter.dispatch('json_scalar', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__json_scalar(x) -%} json_extract_string({{ x }}, '$') {%- endmacro %}

{# The objects that a path with [*] reaches, one row each; none where there is none. #}
{% macro json_unnest(raw, path) -%} {{ adapter.dispatch('json_unnest', 'ai_unit_economics')(raw, path) }} {%- endmacro %}
{% macro duckdb__json_unnest(raw, path) -%} unnest(json_extract({{ raw }}, '{{ path }}')) {%- endmacro %}

{% macro json_reaches(raw, path) -%} {{ adapter.dispatch('json_reaches', 'ai_unit_economics')(raw, path) }} {%- endmacro %}
{% macro duckdb__json_reaches(raw, path) -%} coalesce(len(json_extract({{ raw }}, '{{ path }}')) > 0, false) {%- endmacro %}

{% macro json_value_of(raw, path) -%} {{ adapter.dispatch('json_value_of', 'ai_unit_economics')(raw, path) }} {%- endmacro %}
{% macro duckdb__json_value_of(raw, path) -%} case when json_valid({{ raw }}) then json_extract({{ raw }}, '{{ path }}') end {%- endmacro %}

{% macro add_micros(t, micros) -%} {{ adapter.dispatch('add_micros', 'ai_unit_economics')(t, micros) }} {%- endmacro %}
{% macro duckdb__add_micros(t, micros) -%} ({{ t }} + to_microseconds({{ micros }})) {%- endmacro %}

{# A field of a CSV line without quotes, by the name that the header gives its place. #}
{% macro csv_field(line, header, name) -%} {{ adapter.dispatch('csv_field', 'ai_unit_economics')(line, header, name) }} {%- endmacro %}
{% macro duckdb__csv_field(line, header, name) -%}
    string_split({{ line }}, ',')[list_position(string_split({{ header }}, ','), '{{ name }}')]
{%- endmacro %}
{% macro comma_count(x) -%} (length({{ x }}) - length(replace({{ x }}, ',', ''))) {%- endmacro %}

{# Text of bytes read one by one (latin-1): what is left above 127 once all whole UTF-8 characters are taken out. #}
{% macro is_broken_utf8(x) -%} {{ adapter.dispatch('is_broken_utf8', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__is_broken_utf8(x) -%}
    regexp_matches(
        regexp_replace(
            {{ x }}, '[\x{C2}-\x{DF}][\x{80}-\x{BF}]|[\x{E0}-\x{EF}][\x{80}-\x{BF}]{2}|[\x{F0}-\x{F4}][\x{80}-\x{BF}]{3}', '', 'g'
        ),
        '[\x{80}-\x{FF}]'
    )
{%- endmacro %}

{% macro utf8_text(bytes) -%} {{ adapter.dispatch('utf8_text', 'ai_unit_economics')(bytes) }} {%- endmacro %}
{% macro duckdb__utf8_text(bytes) -%} try(decode({{ bytes }})) {%- endmacro %}

{% macro from_epoch_micros(x) -%} {{ adapter.dispatch('from_epoch_micros', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__from_epoch_micros(x) -%} make_timestamp(cast({{ x }} as bigint)) {%- endmacro %}
{% macro spark__from_epoch_micros(x) -%} cast(timestamp_micros(cast({{ x }} as bigint)) as timestamp_ntz) {%- endmacro %}

{% macro first_by(x, rank) -%} {{ adapter.dispatch('first_by', 'ai_unit_economics')(x, rank) }} {%- endmacro %}
{% macro duckdb__first_by(x, rank) -%} arg_min({{ x }}, {{ rank }}) {%- endmacro %}
{% macro spark__first_by(x, rank) -%} min_by({{ x }}, {{ rank }}) {%- endmacro %}

{# Text that was matched as an instant with an offset, as a UTC timestamp; null where the calendar has no such day. #}
{% macro to_utc(x) -%} {{ adapter.dispatch('to_utc', 'ai_unit_economics')(x) }} {%- endmacro %}
{# Most instants are told in UTC: those need no calendar of time zones. #}
{% macro duckdb__to_utc(x) -%}
    case when {{ x }} like '%Z' then try_cast({{ x }} as timestamp) else (try_cast({{ x }} as timestamptz) at time zone 'UTC') end
{%- endmacro %}
{% macro spark__to_utc(x) -%} to_utc_timestamp(try_cast({{ x }} as timestamp), current_timezone()) {%- endmacro %}

{% macro try_date(x) -%} {{ adapter.dispatch('try_date', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__try_date(x) -%} try_cast({{ x }} as date) {%- endmacro %}
{% macro spark__try_date(x) -%} try_cast({{ x }} as date) {%- endmacro %}

{% macro month_of(x) -%} cast(date_trunc('month', {{ x }}) as date) {%- endmacro %}
{% macro week_of(x) -%} cast(date_trunc('week', {{ x }}) as date) {%- endmacro %}

{% macro seconds_between(a, b) -%} {{ adapter.dispatch('seconds_between', 'ai_unit_economics')(a, b) }} {%- endmacro %}
{% macro duckdb__seconds_between(a, b) -%}
    (cast(epoch_us({{ b }}) - epoch_us({{ a }}) as decimal(18, 0)) * 0.000001)
{%- endmacro %}
{% macro spark__seconds_between(a, b) -%}
    (cast(unix_micros({{ b }}) - unix_micros({{ a }}) as decimal(18, 0)) * 0.000001)
{%- endmacro %}

{% macro add_hours(t, hours) -%} {{ adapter.dispatch('add_hours', 'ai_unit_economics')(t, hours) }} {%- endmacro %}
{% macro duckdb__add_hours(t, hours) -%} ({{ t }} + to_hours(cast({{ hours }} as integer))) {%- endmacro %}
{% macro spark__add_hours(t, hours) -%} ({{ t }} + make_interval(0, 0, 0, 0, {{ hours }})) {%- endmacro %}

{# Only a prefilter: equal keys give equal values; unequal keys may too, so that an exact step follows. #}
{% macro key_hash(columns) -%} {{ adapter.dispatch('key_hash', 'ai_unit_economics')(columns) }} {%- endmacro %}
{% macro duckdb__key_hash(columns) -%} hash({{ columns | join(', ') }}) {%- endmacro %}
{% macro spark__key_hash(columns) -%} xxhash64({{ columns | join(', ') }}) {%- endmacro %}

{% macro raise_error(message) -%} {{ adapter.dispatch('raise_error', 'ai_unit_economics')(message) }} {%- endmacro %}
{% macro duckdb__raise_error(message) -%} error({{ message }}) {%- endmacro %}
{% macro spark__raise_error(message) -%} raise_error({{ message }}) {%- endmacro %}

{# A key as text that no choice of values can make ambiguous. #}
{% macro text_key(columns) -%} {{ adapter.dispatch('text_key', 'ai_unit_economics')(columns) }} {%- endmacro %}
{% macro duckdb__text_key(columns) -%} md5(cast(to_json([{% for c in columns %}cast({{ c }} as varchar){{ ', ' if not loop.last }}{% endfor %}]) as varchar)) {%- endmacro %}
{% macro spark__text_key(columns) -%} md5(to_json(array({% for c in columns %}cast({{ c }} as string){{ ', ' if not loop.last }}{% endfor %}))) {%- endmacro %}

{% macro add_seconds(t, seconds) -%} {{ adapter.dispatch('add_seconds', 'ai_unit_economics')(t, seconds) }} {%- endmacro %}
{% macro duckdb__add_seconds(t, seconds) -%} ({{ t }} + to_seconds({{ seconds }})) {%- endmacro %}
{% macro spark__add_seconds(t, seconds) -%} ({{ t }} + make_interval(0, 0, 0, 0, 0, 0, {{ seconds }})) {%- endmacro %}

{# By a part of a second, too. #}
{% macro add_microseconds(t, microseconds) -%} {{ adapter.dispatch('add_microseconds', 'ai_unit_economics')(t, microseconds) }} {%- endmacro %}
{% macro duckdb__add_microseconds(t, microseconds) -%} ({{ t }} + to_microseconds({{ microseconds }})) {%- endmacro %}
{% macro spark__add_microseconds(t, microseconds) -%} timestamp_micros(unix_micros({{ t }}) + {{ microseconds }}) {%- endmacro %}

{% macro second_of_day(t) -%} {{ adapter.dispatch('second_of_day', 'ai_unit_economics')(t) }} {%- endmacro %}
{% macro duckdb__second_of_day(t) -%} cast((epoch_us({{ t }}) % 86400000000) // 1000000 as integer) {%- endmacro %}
{% macro spark__second_of_day(t) -%} cast((unix_micros({{ t }}) % 86400000000) div 1000000 as int) {%- endmacro %}

{% macro json_array_items(raw) -%} {{ adapter.dispatch('json_array_items', 'ai_unit_economics')(raw) }} {%- endmacro %}
{% macro duckdb__json_array_items(raw) -%} unnest(json_extract({{ raw }}, '$[*]')) {%- endmacro %}

{% macro int128_type() -%} {{ adapter.dispatch('int128_type', 'ai_unit_economics')() }} {%- endmacro %}
{% macro duckdb__int128_type() -%} hugeint {%- endmacro %}
{% macro spark__int128_type() -%} decimal(38, 0) {%- endmacro %}

{% macro days_between(first_day, last_day) -%} {{ adapter.dispatch('days_between', 'ai_unit_economics')(first_day, last_day) }} {%- endmacro %}
{% macro duckdb__days_between(first_day, last_day) -%} unnest(generate_series(cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval 1 day)) {%- endmacro %}
{% macro spark__days_between(first_day, last_day) -%} explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) {%- endmacro %}

{# The lower median: a value that occurs, so that money stays exact. #}
{% macro lower_median(x) -%} {{ adapter.dispatch('lower_median', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__lower_median(x) -%} quantile_disc({{ x }}, 0.5) {%- endmacro %}
{% macro spark__lower_median(x) -%} percentile_disc(0.5) within group (order by {{ x }}) {%- endmacro %}

{% macro split_item(x, separator, position) -%} {{ adapter.dispatch('split_item', 'ai_unit_economics')(x, separator, position) }} {%- endmacro %}
{% macro duckdb__split_item(x, separator, position) -%} trim(split_part({{ x }}, '{{ separator }}', {{ position }})) {%- endmacro %}
{% macro spark__split_item(x, separator, position) -%} trim(split_part({{ x }}, '{{ separator }}', {{ position }})) {%- endmacro %}

{# One text field of a JSON object by a name that is data. #}
{% macro json_text(raw, name) -%} {{ adapter.dispatch('json_text', 'ai_unit_economics')(raw, name) }} {%- endmacro %}
{% macro duckdb__json_text(raw, name) -%} json_extract_string({{ raw }}, concat('$."', replace({{ name }}, '"', ''), '"')) {%- endmacro %}
{% macro spark__json_text(raw, name) -%} get_json_object({{ raw }}, concat('$["', replace({{ name }}, '"', ''), '"]')) {%- endmacro %}

{# Whole days between two instants. #}
{% macro days_since(a, b) -%} {{ adapter.dispatch('days_since', 'ai_unit_economics')(a, b) }} {%- endmacro %}
{% macro duckdb__days_since(a, b) -%} cast((epoch_us({{ b }}) - epoch_us({{ a }})) // 86400000000 as integer) {%- endmacro %}
{% macro spark__days_since(a, b) -%} cast((unix_micros({{ b }}) - unix_micros({{ a }})) div 86400000000 as int) {%- endmacro %}

{# True where a JSON object has a key outside the list: most calls carry the known meters only. #}
{% macro json_has_other_keys(raw, known) -%} {{ adapter.dispatch('json_has_other_keys', 'ai_unit_economics')(raw, known) }} {%- endmacro %}
{% macro duckdb__json_has_other_keys(raw, known) -%}
    coalesce(
        json_type({{ raw }}) = 'OBJECT'
        and len(list_filter(json_keys({{ raw }}), lambda name: name not in ('{{ known | join("', '") }}'))) > 0, false
    )
{%- endmacro %}

{# One row per key of a JSON object. #}
{% macro json_each_key(raw) -%} {{ adapter.dispatch('json_each_key', 'ai_unit_economics')(raw) }} {%- endmacro %}
{% macro duckdb__json_each_key(raw) -%} unnest(json_keys({{ raw }})) {%- endmacro %}

{% macro add_months(d, months) -%} {{ adapter.dispatch('add_months', 'ai_unit_economics')(d, months) }} {%- endmacro %}
{% macro duckdb__add_months(d, months) -%} ({{ d }} + to_months(cast({{ months }} as integer))) {%- endmacro %}
{% macro spark__add_months(d, months) -%} add_months({{ d }}, {{ months }}) {%- endmacro %}

{% macro count_days(a, b) -%} {{ adapter.dispatch('count_days', 'ai_unit_economics')(a, b) }} {%- endmacro %}
{% macro duckdb__count_days(a, b) -%} date_diff('day', {{ a }}, {{ b }}) {%- endmacro %}
{% macro spark__count_days(a, b) -%} datediff({{ b }}, {{ a }}) {%- endmacro %}

{# Lists in JSON, and a list opened with the position of each item. #}
{% macro json_is_list(raw, path) -%} {{ adapter.dispatch('json_is_list', 'ai_unit_economics')(raw, path) }} {%- endmacro %}
{% macro duckdb__json_is_list(raw, path) -%} coalesce(json_type({{ raw }}, '{{ path }}') = 'ARRAY', false) {%- endmacro %}

{% macro numbered_items(raw, path, number, item) -%} {{ adapter.dispatch('numbered_items', 'ai_unit_economics')(raw, path, number, item) }} {%- endmacro %}
{% macro duckdb__numbered_items(raw, path, number, item) -%}
    generate_subscripts(json_extract({{ raw }}, '{{ path }}'), 1) as {{ number }}, unnest(json_extract({{ raw }}, '{{ path }}')) as {{ item }}
{%- endmacro %}

{# The first text that a path with [*] reaches. #}
{% macro first_text(raw, path) -%} {{ adapter.dispatch('first_text', 'ai_unit_economics')(raw, path) }} {%- endmacro %}
{% macro duckdb__first_text(raw, path) -%} list_extract(json_extract_string({{ raw }}, '{{ path }}'), 1) {%- endmacro %}

{# Sixty bits of a text's hash as a number, from the given hex digit on: summed, they do not depend on any order. #}
{% macro hash_number(x, digit) -%} {{ adapter.dispatch('hash_number', 'ai_unit_economics')(x, digit) }} {%- endmacro %}
{% macro duckdb__hash_number(x, digit) -%} cast(concat('0x', substring(md5({{ x }}), {{ digit }}, 15)) as bigint) {%- endmacro %}
{% macro spark__hash_number(x, digit) -%} cast(conv(substring(md5({{ x }}), {{ digit }}, 15), 16, 10) as bigint) {%- endmacro %}

{# `4/1/25`, `12/31/2025` or `9/1/24 0:00`: month first, as spreadsheets of that country write it. #}
{% macro try_american_time(x) -%} {{ adapter.dispatch('try_american_time', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__try_american_time(x) -%} try_strptime({{ x }}, ['%m/%d/%y', '%m/%d/%Y', '%m/%d/%y %H:%M', '%m/%d/%Y %H:%M']) {%- endmacro %}

{# The secret that ids of persons are hashed with; null where the environment has none. ai_unit_economics/engine.py sets it. #}
{% macro pepper() -%} {{ adapter.dispatch('pepper', 'ai_unit_economics')() }} {%- endmacro %}
{% macro duckdb__pepper() -%} cast(getvariable('aiue_pepper') as varchar) {%- endmacro %}
{% macro peppered_hash(x) -%} {{ adapter.dispatch('peppered_hash', 'ai_unit_economics')(x) }} {%- endmacro %}
{% macro duckdb__peppered_hash(x) -%} sha256(concat({{ pepper() }}, {{ x }})) {%- endmacro %}
