{#- The bytes 0x80 to 0x9F that Windows-1252 defines: as the loader stores them, and as they read. The five others keep their code point. -#}
{% macro c1_latin1() -%}
    U&'\0080\0082\0083\0084\0085\0086\0087\0088\0089\008A\008B\008C\008E\0091\0092\0093\0094\0095\0096\0097\0098\0099\009A\009B\009C\009E\009F'
{%- endmacro %}

{% macro c1_windows1252() -%}
    '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'
{%- endmacro %}

{#-
  A log line, one character a byte, read as UTF-8 where it is valid UTF-8, else as Windows-1252. In the order of cost: a single byte beyond ASCII is no
  UTF-8 (whose form RFC 3629, section 4, gives); PostgreSQL's own conversion is much faster than `translate`, but refuses the five undefined bytes.
-#}
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

{#-
  The damage in a text: the characters that a UTF-8 sequence turns into when it is read as Windows-1252 or Latin-1. Only
  the leads that French texts produce are taken for damage, so that sound text such as «CAFÉ» is left alone. The
  non-breaking space that `à` ends in may have become a plain one since, also in an `à` that was damaged twice. Of È and
  the left quote, damaged twice, the second damage has a lead of its own: they are matched whole. No text holds a control
  character (U+0080 to U+009F), so what would become one, `Â` and one of thirty-two characters, is left as it is.
-#}
{% macro motif_degat() -%}
    {%- set suite = '[\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]' -%}
    {%- set suite_90 = '[\\u0090-\\u00bf‘’“”•–—˜™š›œžŸ]' -%}
    'Â[\u00a0-\u00bf]|[ÃÄÅ]{{ suite }}|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â{{ suite }}{2}|ð{{ suite_90 }}{{ suite }}{2}|ï»¿'
{%- endmacro %}

{#- What the first of two passes matches beside: characters damaged twice, where the first damage made control characters of their bytes. -#}
{% macro motif_degat_double() -%}
    {%- set suite = 'Â[\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]' -%}
    {%- set suite_90 = 'Â[\\u0090-\\u00bf‘’“”•–—˜™š›œžŸ]' -%}
    'Ã[\u0083-\u0085ƒ„…]{{ suite }}|Ã¢({{ suite }}|â[\u0082‚]¬){2}|Ã°({{ suite_90 }}|Å¸)({{ suite }}){2}'
{%- endmacro %}

{#- One pass of the repair: every damaged sequence becomes the character it was, all else stays. -#}
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

{#- An ERP text with its damage repaired, twice where it was damaged twice. The subquery has the first pass worked out once. -#}
{% macro reparer_texte(texte) -%}
    case
        when {{ texte }} ~ {{ motif_degat() }} then (
            select case when une_fois ~ {{ motif_degat() }} then {{ reparer_une_fois('une_fois', motif_degat()) }} else une_fois end
            from (select {{ reparer_une_fois(texte, motif_degat() ~ " || '|' || " ~ motif_degat_double()) }} as une_fois limit all) as passe
        )
        else {{ texte }}
    end
{%- endmacro %}

{#- A text as MySQL's collations compare it: without case, accents and the kind of space. Accents that stand by themselves go first, for they take minutes. -#}
{% macro comparable(texte) -%}
    {%- set accents = "'[\\u0300-\\u036f]+', '', 'g'" -%}
    case
        when octet_length({{ texte }}) = length({{ texte }}) then lower({{ texte }} collate "C")
        else lower(regexp_replace(normalize(regexp_replace({{ texte }}, {{ accents }}), nfkd), {{ accents }}) collate "C")
    end
{%- endmacro %}
