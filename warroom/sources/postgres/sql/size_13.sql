-- Bytes of this database on disk. It looks at every file of it: asked seldom.
SELECT /* warroom size */ pg_database_size(current_database())::int8 AS size
