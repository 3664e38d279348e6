{# A page that says more follows is continued by the page whose first bucket starts where its last one ends. Where that
   page is not there, spend is missing. #}
with pages as (
    {% for model in report_models('pages') %}
    select
        feed,
        file_path,
        page_number,
        report_kind,
        has_more,
        first_start_text,
        last_end_text
    from {{ ref(model) }}
    where is_page
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

continued as (
    select
        pages.feed,
        pages.file_path,
        pages.page_number,
        count(next_pages.page_number) as next_pages
    from pages
    left join pages as next_pages
        on
            pages.feed = next_pages.feed
            and pages.last_end_text = next_pages.first_start_text
            and coalesce(pages.report_kind, next_pages.report_kind, '') = coalesce(next_pages.report_kind, pages.report_kind, '')
    where pages.has_more
    group by pages.feed, pages.file_path, pages.page_number
),

counted as (
    select
        feed,
        count(*) as incomplete_pages
    from continued
    where next_pages = 0
    group by feed
)

select * from counted
