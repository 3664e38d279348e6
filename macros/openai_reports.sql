{# What each kind of usage report counts: meter -> measure of the result and its unit. Modality splits are parts of these
   and are not added; the model requests of searches are counted among those of the completions. #}
{% macro openai_meters() %}
    {{ return({
        'completions': {
            'input_uncached': ['uncached_quantity', 'tokens'], 'cache_read': ['cached_quantity', 'tokens'],
            'cache_write_unknown': ['write_quantity', 'tokens'], 'output': ['output_quantity', 'tokens'],
            'request': ['model_requests', 'requests'],
        },
        'embeddings': {'embedding_input': ['input_quantity', 'tokens'], 'request': ['model_requests', 'requests']},
        'moderations': {'input_uncached': ['input_quantity', 'tokens'], 'request': ['model_requests', 'requests']},
        'images': {'image': ['images', 'images'], 'request': ['model_requests', 'requests']},
        'audio_speeches': {'input_character': ['characters', 'characters'], 'request': ['model_requests', 'requests']},
        'audio_transcriptions': {'audio_second': ['seconds', 'seconds'], 'request': ['model_requests', 'requests']},
        'code_interpreter_sessions': {'code_interpreter_session': ['sessions', 'sessions']},
        'vector_stores': {'vector_store_byte': ['stored_bytes', 'bytes']},
        'web_searches': {'web_search': ['search_requests', 'searches']},
        'file_searches': {'file_search': ['search_requests', 'searches']},
    }) }}
{% endmacro %}

{# A cost's line item is one text: `priority | gpt-5.6-sol, output, long context`, `gpt-4o-2024-08-06, cached input`,
   `gpt-audio-mini audio, input`, `web search tool calls`. Only a name with a digit, alone or before a modality, is a model. #}
{% macro line_item_model(item) -%}
    case
        when {{ matches(split_item(split_item(item, ',', 1), ' ', 1), '[A-Za-z0-9._:/-]*[0-9][A-Za-z0-9._:/-]*') }}
            and {{ split_item(split_item(item, ',', 1), ' ', 2) }} in ('', 'audio', 'image', 'text')
            then {{ split_item(split_item(item, ',', 1), ' ', 1) }}
    end
{%- endmacro %}
