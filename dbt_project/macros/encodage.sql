{#- The bytes 0x80 to 0x9F that Windows-1252 defines: as the loader stores them, and as characters. The five others keep their code point. -#}
{% macro c1_latin1() -%} U&'\0080\0082\0083\0084\0085\0086\0087\0088\0089\008A\008B\008C\008E\0091\0092\0093\0094\0095\0096\0097\0098\0099\009A\009B\009C\009E\009F' {%- endmacro %}

{% macro c1_windows1252() -%} '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ' {%- endmacro %}

{#- A log line, stored with one character per byte, decoded as UTF-8 if it is valid UTF-8 (RFC 3629, section 4), else as Windows-1252. The cheapest cases are
    first: a single byte beyond ASCII is never UTF-8. PostgreSQL's conversion is much faster than `translate`, but refuses the five undefined bytes. -#}
{% macro lire_ligne(ligne) -%}
    case
        when octet_length({{ ligne }}) = length({{ ligne }}) then {{ ligne }}
        when octet_length({{ ligne }}) > length({{ ligne }}) + 1 and {{ ligne }} ~ (
            '^([\u0001-\u007f]|[\u00c2-\u00df][\u0080-\u00bf]|\u00e0[\u00a0-\u00bf][\u0080-\u00bf]'
            '|[\u00e1-\u00ec\u00ee\u00ef][\u0080-\u00bf]{2}|\u00ed[\u0080-\u009f][\u0080-\u00bf]'
            '|\u00f0[\u0090-\u00bf][\u0080-\u00bf]{2}|[\u00f1-\u00f3][\u0080-\u00bf]{3}|\u00f4[\u0080-\u008f][\u0080-\u00bf]{2})*$'
        )
            then convert_from(convert_to({{ ligne }}, 'LATIN1'), 'UTF8')
        when {{ ligne }} ~ '[\u0081\u008d\u008f\u0090\u009d]' then translate({{ ligne }}, {{ c1_latin1() }}, {{ c1_windows1252() }})
        else convert_from(convert_to({{ ligne }}, 'LATIN1'), 'WIN1252')
    end
{%- endmacro %}

{#- The damage in a text: the characters that a UTF-8 sequence becomes when it is read as Windows-1252 or Latin-1. Only sequences of characters in French texts count,
    so that a correct text such as «CAFÉ» stays as it is. The non-breaking space at the end of a damaged `à` may have become a plain space since, also if it was
    damaged twice. È and the left quote are matched whole if damaged twice, because they then begin with other characters. `Â` before one of thirty-two characters
    stays as it is: it would become a control character (U+0080 to U+009F), which no text has. -#}
{% macro motif_degat() -%}
    {%- set suite = '[\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]' -%}
    {%- set suite_90 = '[\\u0090-\\u00bf‘’“”•–—˜™š›œžŸ]' -%}
    'Â[\u00a0-\u00bf]|[ÃÄÅ]{{ suite }}|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â{{ suite }}{2}|ð{{ suite_90 }}{{ suite }}{2}|ï»¿'
{%- endmacro %}

{#- What the first of two passes also matches: characters damaged twice, whose bytes the first damage made into control characters. -#}
{% macro motif_degat_double() -%}
    {%- set suite = 'Â[\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]' -%}
    {%- set suite_90 = 'Â[\\u0090-\\u00bf‘’“”•–—˜™š›œžŸ]' -%}
    'Ã[\u0083-\u0085ƒ„…]{{ suite }}|Ã¢({{ suite }}|â[\u0082‚]¬){2}|Ã°({{ suite_90 }}|Å¸)({{ suite }}){2}'
{%- endmacro %}

{#- One pass of the repair: each damaged sequence becomes the character that it was, and the rest stays as it is. -#}
{% macro reparer_une_fois(texte, motif) -%}
    (
        select
            string_agg(
                case
                    when morceau[2] is null then morceau[1]
                    when morceau[2] = 'ï»¿' then ''
                    when right(morceau[2], 1) = ' ' then 'à'
                    when morceau[2] like 'Ã_Ë_' then 'È'
                    when morceau[2] like 'Ã¢%Ë_' then '‘'
                    else convert_from(convert_to(translate(morceau[2], {{ c1_windows1252() }}, {{ c1_latin1() }}), 'LATIN1'), 'UTF8')
                end,
                '' order by rang
            )
        from regexp_matches({{ texte }}, '((' || {{ motif }} || ')|[^ÂÃÄÅâðï]+|.)', 'g') with ordinality as morceaux (morceau, rang)
    )
{%- endmacro %}

{#- An ERP text, repaired twice if it was damaged twice. The subquery is there so that the first pass is computed only once. -#}
{% macro reparer_texte(texte) -%}
    case
        when {{ texte }} ~ {{ motif_degat() }} then (
            select case when une_fois ~ {{ motif_degat() }} then {{ reparer_une_fois('une_fois', motif_degat()) }} else une_fois end
            from (select {{ reparer_une_fois(texte, motif_degat() ~ " || '|' || " ~ motif_degat_double()) }} as une_fois limit all) as passe
        )
        else {{ texte }}
    end
{%- endmacro %}

{#- A text as MySQL's collations compare it: ignoring case, accents and the kind of space. Combining accents go first: many of them make `normalize` very slow. -#}
{% macro comparable(texte) -%}
    {%- set accents = "'[\\u0300-\\u036f]+', '', 'g'" -%}
    case
        when octet_length({{ texte }}) = length({{ texte }}) then lower({{ texte }} collate "C")
        else lower(regexp_replace(normalize(regexp_replace({{ texte }}, {{ accents }}), nfkd), {{ accents }}) collate "C")
    end
{%- endmacro %}
