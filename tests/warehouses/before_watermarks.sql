-- Three built weeks and a fourth that is only loaded, of 200 made-up products, as the
-- project wrote them before marts had watermarks (pg_dump, without comments).
CREATE SCHEMA intermediate;
ALTER SCHEMA intermediate OWNER TO transformer;
CREATE SCHEMA marts;
ALTER SCHEMA marts OWNER TO transformer;
CREATE SCHEMA raw;
ALTER SCHEMA raw OWNER TO loader;
CREATE SCHEMA staging;
ALTER SCHEMA staging OWNER TO transformer;
CREATE FUNCTION marts.products_as_of(as_of_batch text) RETURNS TABLE(productid bigint, designation text, description text, imageid bigint, image_path text, prdtypecode integer, load_batch_id bigint)
    LANGUAGE sql STABLE
    AS $$
       select
    products.productid,
    products.designation,
    products.description,
    products.imageid,
    products.image_path,
    labels.prdtypecode,
    products.load_batch_id
from "marts"."products_history" as products
inner join "marts"."labels_history" as labels
    on
        products.productid = labels.productid
        and products.load_batch_id = labels.load_batch_id
inner join "marts"."data_loads" as loads
    on
        loads.batch_name = as_of_batch
        and loads.status = 'completed'
where
    products.valid_from <= loads.completed_at
    and products.valid_to > loads.completed_at
    and products.operation_type <> 'DELETE'
    $$;
ALTER FUNCTION marts.products_as_of(as_of_batch text) OWNER TO transformer;
CREATE TABLE intermediate.audits (
    invocation_id text NOT NULL,
    code text NOT NULL,
    after_batch bigint NOT NULL,
    last_batch bigint NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    passed_at timestamp with time zone
);
ALTER TABLE intermediate.audits OWNER TO transformer;
CREATE TABLE intermediate.build_at_work (
    only_row boolean DEFAULT true NOT NULL,
    invocation_id text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    CONSTRAINT build_at_work_only_row_check CHECK (only_row)
);
ALTER TABLE intermediate.build_at_work OWNER TO transformer;
CREATE TABLE raw.data_loads (
    id bigint NOT NULL,
    batch_name text NOT NULL,
    percentage numeric(5,2) NOT NULL,
    total_rows bigint,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    completed_at timestamp with time zone,
    status text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT data_loads_percentage_check CHECK (((percentage >= (0)::numeric) AND (percentage <= (100)::numeric))),
    CONSTRAINT data_loads_status_check CHECK ((status = ANY (ARRAY['running'::text, 'completed'::text, 'failed'::text, 'rejected'::text])))
);
ALTER TABLE raw.data_loads OWNER TO loader;
CREATE TABLE raw.product_images (
    productid bigint NOT NULL,
    image_exists boolean NOT NULL,
    load_batch_id bigint DEFAULT (current_setting('rakuten.load_batch_id'::text))::bigint NOT NULL
);
ALTER TABLE raw.product_images OWNER TO loader;
CREATE TABLE raw.x_train (
    row_number bigint NOT NULL,
    designation text,
    description text,
    productid bigint NOT NULL,
    imageid bigint NOT NULL,
    load_batch_id bigint DEFAULT (current_setting('rakuten.load_batch_id'::text))::bigint NOT NULL,
    withdrawn boolean DEFAULT false NOT NULL
);
ALTER TABLE raw.x_train OWNER TO loader;
CREATE TABLE raw.y_train (
    row_number bigint NOT NULL,
    prdtypecode integer NOT NULL,
    load_batch_id bigint DEFAULT (current_setting('rakuten.load_batch_id'::text))::bigint NOT NULL
);
ALTER TABLE raw.y_train OWNER TO loader;
CREATE VIEW staging.stg_catalogue__data_loads AS
 SELECT id AS load_batch_id,
    batch_name,
    percentage,
    total_rows,
    started_at,
    completed_at,
    status,
    metadata
   FROM raw.data_loads;
ALTER VIEW staging.stg_catalogue__data_loads OWNER TO transformer;
CREATE VIEW staging.stg_catalogue__images AS
 SELECT productid,
    load_batch_id,
    image_exists
   FROM raw.product_images;
ALTER VIEW staging.stg_catalogue__images OWNER TO transformer;
CREATE VIEW staging.stg_catalogue__labels AS
 SELECT row_number,
    load_batch_id,
    prdtypecode
   FROM raw.y_train;
ALTER VIEW staging.stg_catalogue__labels OWNER TO transformer;
CREATE VIEW staging.stg_catalogue__products AS
 SELECT productid,
    row_number,
    load_batch_id,
    designation,
    description,
    imageid,
    withdrawn
   FROM raw.x_train;
ALTER VIEW staging.stg_catalogue__products OWNER TO transformer;
CREATE VIEW intermediate.int_product_versions AS
 WITH products AS (
         SELECT stg_catalogue__products.productid,
            stg_catalogue__products.row_number,
            stg_catalogue__products.load_batch_id,
            stg_catalogue__products.designation,
            stg_catalogue__products.description,
            stg_catalogue__products.imageid,
            stg_catalogue__products.withdrawn
           FROM staging.stg_catalogue__products
        ), labels AS (
         SELECT stg_catalogue__labels.row_number,
            stg_catalogue__labels.load_batch_id,
            stg_catalogue__labels.prdtypecode
           FROM staging.stg_catalogue__labels
        ), images AS (
         SELECT stg_catalogue__images.productid,
            stg_catalogue__images.load_batch_id,
            stg_catalogue__images.image_exists
           FROM staging.stg_catalogue__images
        ), batches AS (
         SELECT stg_catalogue__data_loads.load_batch_id,
            stg_catalogue__data_loads.batch_name,
            stg_catalogue__data_loads.percentage,
            stg_catalogue__data_loads.total_rows,
            stg_catalogue__data_loads.started_at,
            stg_catalogue__data_loads.completed_at,
            stg_catalogue__data_loads.status,
            stg_catalogue__data_loads.metadata
           FROM staging.stg_catalogue__data_loads
          WHERE (stg_catalogue__data_loads.status = 'completed'::text)
        ), versions AS (
         SELECT products.productid,
            products.load_batch_id,
            products.row_number,
            products.designation,
            products.description,
            products.imageid,
            (((('images/image_train/image_'::text || products.imageid) || '_product_'::text) || products.productid) || '.jpg'::text) AS image_path,
            images.image_exists,
            labels.prdtypecode,
            products.withdrawn,
            batches.completed_at AS loaded_at
           FROM (((products
             JOIN batches ON ((products.load_batch_id = batches.load_batch_id)))
             LEFT JOIN labels ON (((products.row_number = labels.row_number) AND (products.load_batch_id = labels.load_batch_id))))
             LEFT JOIN images ON (((products.productid = images.productid) AND (products.load_batch_id = images.load_batch_id))))
        )
 SELECT productid,
    load_batch_id,
    row_number,
    designation,
    description,
    imageid,
    image_path,
    image_exists,
    prdtypecode,
    withdrawn,
    loaded_at
   FROM versions;
ALTER VIEW intermediate.int_product_versions OWNER TO transformer;
CREATE VIEW intermediate.int_label_versions_pending AS
 WITH versions AS (
         SELECT int_product_versions.productid,
            int_product_versions.load_batch_id,
            int_product_versions.row_number,
            int_product_versions.designation,
            int_product_versions.description,
            int_product_versions.imageid,
            int_product_versions.image_path,
            int_product_versions.image_exists,
            int_product_versions.prdtypecode,
            int_product_versions.withdrawn,
            int_product_versions.loaded_at
           FROM intermediate.int_product_versions
        ), earlier_versions AS (
         SELECT int_product_versions.productid,
            int_product_versions.load_batch_id
           FROM intermediate.int_product_versions
        ), pending AS (
         SELECT versions.productid,
            versions.load_batch_id,
            versions.row_number,
            versions.designation,
            versions.description,
            versions.imageid,
            versions.image_path,
            versions.image_exists,
            versions.prdtypecode,
            versions.withdrawn,
            versions.loaded_at,
                CASE
                    WHEN versions.withdrawn THEN 'DELETE'::text
                    WHEN (EXISTS ( SELECT 1
                       FROM earlier_versions
                      WHERE ((earlier_versions.productid = versions.productid) AND (earlier_versions.load_batch_id < versions.load_batch_id)))) THEN 'UPDATE'::text
                    ELSE 'INSERT'::text
                END AS operation_type
           FROM versions
          WHERE ((versions.load_batch_id > 2) AND (versions.load_batch_id > 2) AND (versions.load_batch_id <= 3))
        )
 SELECT productid,
    prdtypecode,
    load_batch_id,
    operation_type,
    loaded_at
   FROM pending;
ALTER VIEW intermediate.int_label_versions_pending OWNER TO transformer;
CREATE VIEW intermediate.int_product_versions_pending AS
 WITH versions AS (
         SELECT int_product_versions.productid,
            int_product_versions.load_batch_id,
            int_product_versions.row_number,
            int_product_versions.designation,
            int_product_versions.description,
            int_product_versions.imageid,
            int_product_versions.image_path,
            int_product_versions.image_exists,
            int_product_versions.prdtypecode,
            int_product_versions.withdrawn,
            int_product_versions.loaded_at
           FROM intermediate.int_product_versions
        ), earlier_versions AS (
         SELECT int_product_versions.productid,
            int_product_versions.load_batch_id
           FROM intermediate.int_product_versions
        ), pending AS (
         SELECT versions.productid,
            versions.load_batch_id,
            versions.row_number,
            versions.designation,
            versions.description,
            versions.imageid,
            versions.image_path,
            versions.image_exists,
            versions.prdtypecode,
            versions.withdrawn,
            versions.loaded_at,
                CASE
                    WHEN versions.withdrawn THEN 'DELETE'::text
                    WHEN (EXISTS ( SELECT 1
                       FROM earlier_versions
                      WHERE ((earlier_versions.productid = versions.productid) AND (earlier_versions.load_batch_id < versions.load_batch_id)))) THEN 'UPDATE'::text
                    ELSE 'INSERT'::text
                END AS operation_type
           FROM versions
          WHERE ((versions.load_batch_id > 2) AND (versions.load_batch_id > 2) AND (versions.load_batch_id <= 3))
        )
 SELECT productid,
    row_number,
    designation,
    description,
    imageid,
    image_path,
    image_exists,
    load_batch_id,
    operation_type,
    loaded_at
   FROM pending;
ALTER VIEW intermediate.int_product_versions_pending OWNER TO transformer;
CREATE VIEW intermediate.int_products_labelled AS
 WITH versions AS (
         SELECT int_product_versions.productid,
            int_product_versions.load_batch_id,
            int_product_versions.row_number,
            int_product_versions.designation,
            int_product_versions.description,
            int_product_versions.imageid,
            int_product_versions.image_path,
            int_product_versions.image_exists,
            int_product_versions.prdtypecode,
            int_product_versions.withdrawn,
            int_product_versions.loaded_at
           FROM intermediate.int_product_versions
          WHERE ((int_product_versions.load_batch_id > 2) AND (int_product_versions.load_batch_id <= 3))
        ), newer_versions AS (
         SELECT int_product_versions.productid,
            int_product_versions.load_batch_id
           FROM intermediate.int_product_versions
          WHERE ((int_product_versions.load_batch_id > 2) AND (int_product_versions.load_batch_id <= 3))
        ), current_versions AS (
         SELECT versions.productid,
            versions.load_batch_id,
            versions.row_number,
            versions.designation,
            versions.description,
            versions.imageid,
            versions.image_path,
            versions.image_exists,
            versions.prdtypecode,
            versions.withdrawn,
            versions.loaded_at
           FROM versions
          WHERE (NOT (EXISTS ( SELECT 1
                   FROM newer_versions
                  WHERE ((newer_versions.productid = versions.productid) AND (newer_versions.load_batch_id > versions.load_batch_id)))))
        )
 SELECT productid,
    load_batch_id,
    row_number,
    designation,
    description,
    imageid,
    image_path,
    image_exists,
    prdtypecode,
    withdrawn,
    loaded_at
   FROM current_versions;
ALTER VIEW intermediate.int_products_labelled OWNER TO transformer;
CREATE TABLE marts.class_distribution (
    prdtypecode integer NOT NULL,
    category text NOT NULL,
    category_fr text NOT NULL,
    count bigint NOT NULL,
    percentage numeric(7,2) NOT NULL,
    CONSTRAINT class_distribution_count_check CHECK ((count > 0))
);
ALTER TABLE marts.class_distribution OWNER TO transformer;
CREATE TABLE marts.class_distribution_by_batch (
    load_batch_id bigint NOT NULL,
    prdtypecode integer NOT NULL,
    batch_name text NOT NULL,
    count bigint NOT NULL,
    arrived bigint NOT NULL,
    percentage numeric(7,2) NOT NULL,
    growth bigint NOT NULL,
    percentage_change numeric(7,2)
);
ALTER TABLE marts.class_distribution_by_batch OWNER TO transformer;
CREATE TABLE marts.current_data_state (
    load_batch_id bigint NOT NULL,
    last_batch text NOT NULL,
    percentage numeric(5,2) NOT NULL,
    total_rows bigint NOT NULL,
    products bigint NOT NULL,
    classes bigint NOT NULL,
    largest_class bigint NOT NULL,
    smallest_class bigint NOT NULL,
    imbalance_ratio numeric(7,2) NOT NULL,
    completed_at timestamp with time zone NOT NULL
);
ALTER TABLE marts.current_data_state OWNER TO transformer;
CREATE TABLE marts.data_loads (
    id bigint NOT NULL,
    batch_name text NOT NULL,
    percentage numeric(5,2) NOT NULL,
    total_rows bigint,
    started_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    status text NOT NULL,
    metadata jsonb,
    CONSTRAINT data_loads_percentage_check CHECK (((percentage >= (0)::numeric) AND (percentage <= (100)::numeric)))
);
ALTER TABLE marts.data_loads OWNER TO transformer;
CREATE TABLE marts.data_quality_by_batch (
    load_batch_id bigint NOT NULL,
    products bigint NOT NULL,
    empty_descriptions bigint NOT NULL,
    html_descriptions bigint NOT NULL,
    duplicate_texts bigint NOT NULL,
    missing_images bigint NOT NULL,
    text_length_p05 integer NOT NULL,
    text_length_p50 integer NOT NULL,
    text_length_p95 integer NOT NULL
);
ALTER TABLE marts.data_quality_by_batch OWNER TO transformer;
CREATE TABLE marts.labels (
    productid bigint NOT NULL,
    prdtypecode integer NOT NULL,
    load_batch_id bigint NOT NULL,
    loaded_at timestamp with time zone NOT NULL
);
ALTER TABLE marts.labels OWNER TO transformer;
CREATE TABLE marts.labels_history (
    productid bigint NOT NULL,
    prdtypecode integer NOT NULL,
    load_batch_id bigint NOT NULL,
    operation_type text NOT NULL,
    loaded_at timestamp with time zone NOT NULL,
    version_id text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone NOT NULL,
    CONSTRAINT labels_history_operation_type_check CHECK ((operation_type = ANY (ARRAY['INSERT'::text, 'UPDATE'::text, 'DELETE'::text]))),
    CONSTRAINT labels_history_valid_to_check CHECK ((valid_from < valid_to))
);
ALTER TABLE marts.labels_history OWNER TO transformer;
CREATE TABLE marts.product_categories (
    prdtypecode integer NOT NULL,
    category text NOT NULL,
    category_fr text NOT NULL
);
ALTER TABLE marts.product_categories OWNER TO transformer;
CREATE TABLE marts.product_folds (
    productid bigint NOT NULL,
    fold integer NOT NULL,
    text_digest text NOT NULL,
    load_batch_id bigint NOT NULL,
    CONSTRAINT product_folds_fold_check CHECK (((fold >= 0) AND (fold <= 9)))
);
ALTER TABLE marts.product_folds OWNER TO transformer;
CREATE TABLE marts.products (
    productid bigint NOT NULL,
    row_number bigint NOT NULL,
    designation text NOT NULL,
    description text,
    imageid bigint NOT NULL,
    image_path text NOT NULL,
    image_exists boolean,
    load_batch_id bigint NOT NULL,
    loaded_at timestamp with time zone NOT NULL
);
ALTER TABLE marts.products OWNER TO transformer;
CREATE TABLE marts.products_history (
    productid bigint NOT NULL,
    row_number bigint NOT NULL,
    designation text NOT NULL,
    description text,
    imageid bigint NOT NULL,
    image_path text NOT NULL,
    image_exists boolean,
    load_batch_id bigint NOT NULL,
    operation_type text NOT NULL,
    loaded_at timestamp with time zone NOT NULL,
    version_id text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone NOT NULL,
    CONSTRAINT products_history_operation_type_check CHECK ((operation_type = ANY (ARRAY['INSERT'::text, 'UPDATE'::text, 'DELETE'::text]))),
    CONSTRAINT products_history_valid_to_check CHECK ((valid_from < valid_to))
);
ALTER TABLE marts.products_history OWNER TO transformer;
CREATE TABLE marts.training_examples (
    productid bigint NOT NULL,
    designation text NOT NULL,
    description text,
    image_path text NOT NULL,
    prdtypecode integer NOT NULL,
    fold integer NOT NULL,
    load_batch_id bigint NOT NULL,
    CONSTRAINT training_examples_fold_check CHECK (((fold >= 0) AND (fold <= 9)))
);
ALTER TABLE marts.training_examples OWNER TO transformer;
ALTER TABLE raw.data_loads ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME raw.data_loads_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
INSERT INTO intermediate.audits VALUES
	('995ccee8-3e7b-490d-89c2-40e6abb11eaf', 'bb6c07d21e0421125afdeadf10742c44', 0, 1, '2026-11-26 12:11:52.12825+00', '2026-11-26 12:11:55.533395+00'),
	('df87a7ea-e13d-4cf1-b34c-13535c1ca195', 'bb6c07d21e0421125afdeadf10742c44', 1, 2, '2026-11-26 12:11:56.552771+00', '2026-11-26 12:12:00.281375+00'),
	('9761f661-96c0-4709-80d1-e01631b6def5', 'bb6c07d21e0421125afdeadf10742c44', 2, 3, '2026-11-26 12:12:00.993655+00', '2026-11-26 12:12:04.917087+00');
INSERT INTO marts.class_distribution VALUES
	(2583, 'Swimming pool equipment', 'Équipement de piscine', 8, 8.70),
	(1280, 'Toys for children', 'Jouets pour enfants', 7, 7.61),
	(1560, 'Indoor furniture and bedding', 'Mobilier d''intérieur et literie', 6, 6.52),
	(2522, 'Stationery', 'Papeterie', 6, 6.52),
	(2705, 'New books', 'Livres neufs', 6, 6.52),
	(1300, 'Models and remote-controlled toys', 'Modélisme et jouets télécommandés', 5, 5.43),
	(1920, 'Household linen and cushions', 'Linge de maison et coussins', 5, 5.43),
	(2280, 'Magazines and newspapers', 'Magazines et journaux', 5, 5.43),
	(40, 'Imported video games and accessories', 'Jeux vidéo et accessoires d''import', 4, 4.35),
	(1281, 'Board games', 'Jeux de société', 4, 4.35),
	(2582, 'Garden furniture', 'Mobilier de jardin', 4, 4.35),
	(10, 'Used books', 'Livres d''occasion', 3, 3.26),
	(1160, 'Collectible cards', 'Cartes à collectionner', 3, 3.26),
	(1320, 'Nursery and baby care', 'Puériculture', 3, 3.26),
	(2403, 'Lots of books and magazines', 'Lots de livres et magazines', 3, 3.26),
	(2585, 'Garden tools and DIY', 'Outils de jardin et bricolage', 3, 3.26),
	(1140, 'Figurines and pop-culture goods', 'Figurines et produits dérivés', 2, 2.17),
	(1180, 'Tabletop figurines and role-playing games', 'Figurines de plateau et jeux de rôle', 2, 2.17),
	(1301, 'Baby socks and pub games', 'Chaussettes bébé et jeux de café', 2, 2.17),
	(1302, 'Outdoor games and sports', 'Jeux de plein air et sports', 2, 2.17),
	(2060, 'Interior decoration', 'Décoration d''intérieur', 2, 2.17),
	(2220, 'Pet supplies', 'Animalerie', 2, 2.17),
	(50, 'Gaming accessories', 'Accessoires de jeux vidéo', 1, 1.09),
	(60, 'Video game consoles', 'Consoles de jeux vidéo', 1, 1.09),
	(1940, 'Food and drink', 'Épicerie et boissons', 1, 1.09),
	(2462, 'Used video game lots', 'Lots de jeux vidéo d''occasion', 1, 1.09),
	(2905, 'Downloadable PC games', 'Jeux PC à télécharger', 1, 1.09);
INSERT INTO marts.class_distribution_by_batch VALUES
	(1, 10, 'week_1', 2, 2, 2.50, 2, NULL),
	(1, 40, 'week_1', 4, 4, 5.00, 4, NULL),
	(1, 50, 'week_1', 1, 1, 1.25, 1, NULL),
	(1, 60, 'week_1', 1, 1, 1.25, 1, NULL),
	(1, 1140, 'week_1', 1, 1, 1.25, 1, NULL),
	(1, 1160, 'week_1', 3, 3, 3.75, 3, NULL),
	(1, 1180, 'week_1', 1, 1, 1.25, 1, NULL),
	(1, 1280, 'week_1', 7, 7, 8.75, 7, NULL),
	(1, 1281, 'week_1', 4, 4, 5.00, 4, NULL),
	(1, 1300, 'week_1', 5, 5, 6.25, 5, NULL),
	(1, 1301, 'week_1', 2, 2, 2.50, 2, NULL),
	(1, 1302, 'week_1', 2, 2, 2.50, 2, NULL),
	(1, 1320, 'week_1', 2, 2, 2.50, 2, NULL),
	(1, 1560, 'week_1', 6, 6, 7.50, 6, NULL),
	(1, 1920, 'week_1', 4, 4, 5.00, 4, NULL),
	(1, 1940, 'week_1', 1, 1, 1.25, 1, NULL),
	(1, 2060, 'week_1', 2, 2, 2.50, 2, NULL),
	(1, 2220, 'week_1', 1, 1, 1.25, 1, NULL),
	(1, 2280, 'week_1', 3, 3, 3.75, 3, NULL),
	(1, 2403, 'week_1', 3, 3, 3.75, 3, NULL),
	(1, 2522, 'week_1', 5, 5, 6.25, 5, NULL),
	(1, 2582, 'week_1', 4, 4, 5.00, 4, NULL),
	(1, 2583, 'week_1', 8, 8, 10.00, 8, NULL),
	(1, 2585, 'week_1', 2, 2, 2.50, 2, NULL),
	(1, 2705, 'week_1', 5, 5, 6.25, 5, NULL),
	(1, 2905, 'week_1', 1, 1, 1.25, 1, NULL),
	(2, 10, 'week_2', 2, 0, 2.33, 0, -0.17),
	(2, 40, 'week_2', 4, 0, 4.65, 0, -0.35),
	(2, 50, 'week_2', 1, 0, 1.16, 0, -0.09),
	(2, 60, 'week_2', 1, 0, 1.16, 0, -0.09),
	(2, 1140, 'week_2', 2, 1, 2.33, 1, 1.08),
	(2, 1160, 'week_2', 3, 0, 3.49, 0, -0.26),
	(2, 1180, 'week_2', 2, 1, 2.33, 1, 1.08),
	(2, 1280, 'week_2', 7, 0, 8.14, 0, -0.61),
	(2, 1281, 'week_2', 4, 0, 4.65, 0, -0.35),
	(2, 1300, 'week_2', 5, 0, 5.81, 0, -0.44),
	(2, 1301, 'week_2', 2, 0, 2.33, 0, -0.17),
	(2, 1302, 'week_2', 2, 0, 2.33, 0, -0.17),
	(2, 1320, 'week_2', 2, 0, 2.33, 0, -0.17),
	(2, 1560, 'week_2', 6, 0, 6.98, 0, -0.52),
	(2, 1920, 'week_2', 5, 1, 5.81, 1, 0.81),
	(2, 1940, 'week_2', 1, 0, 1.16, 0, -0.09),
	(2, 2060, 'week_2', 2, 0, 2.33, 0, -0.17),
	(2, 2220, 'week_2', 1, 0, 1.16, 0, -0.09),
	(2, 2280, 'week_2', 4, 1, 4.65, 1, 0.90),
	(2, 2403, 'week_2', 3, 0, 3.49, 0, -0.26),
	(2, 2462, 'week_2', 1, 1, 1.16, 1, NULL),
	(2, 2522, 'week_2', 5, 0, 5.81, 0, -0.44),
	(2, 2582, 'week_2', 4, 0, 4.65, 0, -0.35),
	(2, 2583, 'week_2', 8, 0, 9.30, 0, -0.70),
	(2, 2585, 'week_2', 2, 0, 2.33, 0, -0.17),
	(2, 2705, 'week_2', 6, 1, 6.98, 1, 0.73),
	(2, 2905, 'week_2', 1, 0, 1.16, 0, -0.09),
	(3, 10, 'week_3', 3, 1, 3.26, 1, 0.93),
	(3, 40, 'week_3', 4, 0, 4.35, 0, -0.30),
	(3, 50, 'week_3', 1, 0, 1.09, 0, -0.07),
	(3, 60, 'week_3', 1, 0, 1.09, 0, -0.07),
	(3, 1140, 'week_3', 2, 0, 2.17, 0, -0.16),
	(3, 1160, 'week_3', 3, 0, 3.26, 0, -0.23),
	(3, 1180, 'week_3', 2, 0, 2.17, 0, -0.16),
	(3, 1280, 'week_3', 7, 0, 7.61, 0, -0.53),
	(3, 1281, 'week_3', 4, 0, 4.35, 0, -0.30),
	(3, 1300, 'week_3', 5, 0, 5.43, 0, -0.38),
	(3, 1301, 'week_3', 2, 0, 2.17, 0, -0.16),
	(3, 1302, 'week_3', 2, 0, 2.17, 0, -0.16),
	(3, 1320, 'week_3', 3, 1, 3.26, 1, 0.93),
	(3, 1560, 'week_3', 6, 0, 6.52, 0, -0.46),
	(3, 1920, 'week_3', 5, 0, 5.43, 0, -0.38),
	(3, 1940, 'week_3', 1, 0, 1.09, 0, -0.07),
	(3, 2060, 'week_3', 2, 0, 2.17, 0, -0.16),
	(3, 2220, 'week_3', 2, 1, 2.17, 1, 1.01),
	(3, 2280, 'week_3', 5, 1, 5.43, 1, 0.78),
	(3, 2403, 'week_3', 3, 0, 3.26, 0, -0.23),
	(3, 2462, 'week_3', 1, 0, 1.09, 0, -0.07),
	(3, 2522, 'week_3', 6, 1, 6.52, 1, 0.71),
	(3, 2582, 'week_3', 4, 0, 4.35, 0, -0.30),
	(3, 2583, 'week_3', 8, 0, 8.70, 0, -0.60),
	(3, 2585, 'week_3', 3, 1, 3.26, 1, 0.93),
	(3, 2705, 'week_3', 6, 0, 6.52, 0, -0.46),
	(3, 2905, 'week_3', 1, 0, 1.09, 0, -0.07);
INSERT INTO marts.current_data_state VALUES
	(3, 'week_3', 46.00, 92, 92, 27, 8, 1, 8.00, '2026-11-26 12:12:00.572176+00');
INSERT INTO marts.data_loads VALUES
	(1, 'week_1', 40.00, 80, '2026-11-26 12:11:44.77114+00', '2026-11-26 12:11:44.777983+00', 'completed', '{"order": {"kind": "file", "seed": 42}, "source": "files", "x_train": {"end": 15348, "name": "X_train.csv", "first": 0, "state": null, "sha256": "c50e200fd7fc4e5f409855e41ac0e8c86b9d25f27f630780954e8c132af8d980", "records": 200}, "y_train": {"end": 627, "name": "Y_train.csv", "first": 0, "state": null, "sha256": "18e7ae35dc43253b9890d8b5a5383c54e6e97d65e935c5b081bd767deb81208c", "records": 200}}'),
	(2, 'week_2', 43.00, 86, '2026-11-26 12:11:56.020521+00', '2026-11-26 12:11:56.024333+00', 'completed', '{"order": {"kind": "file", "seed": 42}, "source": "files", "x_train": {"end": 16790, "name": "X_train.csv", "first": 80, "state": [65024, 3107383, 36929, 1795695103867861494, 1795695103867861494], "sha256": "b3000f90d55b7cd670479441f06d35313cc95708d9fb71d6f2db03ac5fc3a1a7", "records": 200}, "y_train": {"end": 675, "name": "Y_train.csv", "first": 80, "state": [65024, 3107385, 1653, 1795695103869699896, 1795695103869699896], "sha256": "c76062c2ca59e5fd5ccf5c003f2159398f43e969c8ffbab1b90d8c63f9479159", "records": 200}}'),
	(3, 'week_3', 46.00, 92, '2026-11-26 12:12:00.560406+00', '2026-11-26 12:12:00.572176+00', 'completed', '{"order": {"kind": "file", "seed": 42}, "source": "files", "x_train": {"end": 17396, "name": "X_train.csv", "first": 86, "state": [65024, 3107383, 36929, 1795695103867861494, 1795695103867861494], "sha256": "c46267668d746fc8d69640a172f0b61bc729f0725492bd9777f24737d10bcfb4", "records": 200}, "y_train": {"end": 721, "name": "Y_train.csv", "first": 86, "state": [65024, 3107385, 1653, 1795695103869699896, 1795695103869699896], "sha256": "2d0bc49c65784316f80fbfd9b8256d7a4dd13ddc8238cc7d4a4adf15b050d288", "records": 200}}');
INSERT INTO marts.data_quality_by_batch VALUES
	(1, 80, 25, 34, 0, 0, 33, 181, 278),
	(2, 6, 1, 4, 0, 0, 68, 252, 278),
	(3, 6, 5, 0, 0, 0, 35, 37, 200);
INSERT INTO marts.labels VALUES
	(100000000, 1300, 1, '2026-11-26 12:11:44.777983+00'),
	(100001073, 2522, 1, '2026-11-26 12:11:44.777983+00'),
	(100001628, 2585, 1, '2026-11-26 12:11:44.777983+00'),
	(100000407, 1940, 1, '2026-11-26 12:11:44.777983+00'),
	(100001036, 1560, 1, '2026-11-26 12:11:44.777983+00'),
	(100000740, 2585, 1, '2026-11-26 12:11:44.777983+00'),
	(100002627, 50, 1, '2026-11-26 12:11:44.777983+00'),
	(100002442, 2583, 1, '2026-11-26 12:11:44.777983+00'),
	(100002886, 1301, 1, '2026-11-26 12:11:44.777983+00'),
	(100000666, 1920, 1, '2026-11-26 12:11:44.777983+00'),
	(100002035, 2705, 1, '2026-11-26 12:11:44.777983+00'),
	(100001147, 2583, 1, '2026-11-26 12:11:44.777983+00'),
	(100002257, 2522, 1, '2026-11-26 12:11:44.777983+00'),
	(100002331, 2403, 1, '2026-11-26 12:11:44.777983+00'),
	(100002923, 1280, 1, '2026-11-26 12:11:44.777983+00'),
	(100001443, 2705, 1, '2026-11-26 12:11:44.777983+00'),
	(100001221, 2403, 1, '2026-11-26 12:11:44.777983+00'),
	(100001924, 1280, 1, '2026-11-26 12:11:44.777983+00'),
	(100002701, 2705, 1, '2026-11-26 12:11:44.777983+00'),
	(100002146, 1280, 1, '2026-11-26 12:11:44.777983+00'),
	(100000370, 1300, 1, '2026-11-26 12:11:44.777983+00'),
	(100000888, 2582, 1, '2026-11-26 12:11:44.777983+00'),
	(100000999, 1160, 1, '2026-11-26 12:11:44.777983+00'),
	(100001665, 1281, 1, '2026-11-26 12:11:44.777983+00'),
	(100000074, 2280, 1, '2026-11-26 12:11:44.777983+00'),
	(100000296, 60, 1, '2026-11-26 12:11:44.777983+00'),
	(100000925, 1560, 1, '2026-11-26 12:11:44.777983+00'),
	(100001591, 10, 1, '2026-11-26 12:11:44.777983+00'),
	(100000814, 1560, 1, '2026-11-26 12:11:44.777983+00'),
	(100000185, 1301, 1, '2026-11-26 12:11:44.777983+00'),
	(100002479, 2522, 1, '2026-11-26 12:11:44.777983+00'),
	(100002664, 1180, 1, '2026-11-26 12:11:44.777983+00'),
	(100002368, 2583, 1, '2026-11-26 12:11:44.777983+00'),
	(100000777, 40, 1, '2026-11-26 12:11:44.777983+00'),
	(100000629, 2060, 1, '2026-11-26 12:11:44.777983+00'),
	(100002590, 2220, 1, '2026-11-26 12:11:44.777983+00'),
	(100002738, 1560, 1, '2026-11-26 12:11:44.777983+00'),
	(100000037, 2582, 1, '2026-11-26 12:11:44.777983+00'),
	(100001295, 1281, 1, '2026-11-26 12:11:44.777983+00'),
	(100002072, 1300, 1, '2026-11-26 12:11:44.777983+00'),
	(100002812, 1280, 1, '2026-11-26 12:11:44.777983+00'),
	(100001850, 2582, 1, '2026-11-26 12:11:44.777983+00'),
	(100001887, 1920, 1, '2026-11-26 12:11:44.777983+00'),
	(100002775, 1160, 1, '2026-11-26 12:11:44.777983+00'),
	(100000148, 2583, 1, '2026-11-26 12:11:44.777983+00'),
	(100002553, 1280, 1, '2026-11-26 12:11:44.777983+00'),
	(100001258, 1920, 1, '2026-11-26 12:11:44.777983+00'),
	(100001813, 2522, 1, '2026-11-26 12:11:44.777983+00'),
	(100000703, 1320, 1, '2026-11-26 12:11:44.777983+00'),
	(100002294, 2060, 1, '2026-11-26 12:11:44.777983+00'),
	(100000555, 2280, 1, '2026-11-26 12:11:44.777983+00'),
	(100000962, 1302, 1, '2026-11-26 12:11:44.777983+00'),
	(100000592, 2582, 1, '2026-11-26 12:11:44.777983+00'),
	(100001702, 2403, 1, '2026-11-26 12:11:44.777983+00'),
	(100000222, 1281, 1, '2026-11-26 12:11:44.777983+00'),
	(100001184, 1160, 1, '2026-11-26 12:11:44.777983+00'),
	(100000444, 2583, 1, '2026-11-26 12:11:44.777983+00'),
	(100001369, 2583, 1, '2026-11-26 12:11:44.777983+00'),
	(100001332, 1280, 1, '2026-11-26 12:11:44.777983+00'),
	(100000518, 1300, 1, '2026-11-26 12:11:44.777983+00'),
	(100001776, 2905, 1, '2026-11-26 12:11:44.777983+00'),
	(100000333, 2583, 1, '2026-11-26 12:11:44.777983+00'),
	(100002405, 1300, 1, '2026-11-26 12:11:44.777983+00'),
	(100002220, 40, 1, '2026-11-26 12:11:44.777983+00'),
	(100000259, 1140, 1, '2026-11-26 12:11:44.777983+00'),
	(100000481, 1560, 1, '2026-11-26 12:11:44.777983+00'),
	(100001554, 1320, 1, '2026-11-26 12:11:44.777983+00'),
	(100001480, 10, 1, '2026-11-26 12:11:44.777983+00'),
	(100001110, 2583, 1, '2026-11-26 12:11:44.777983+00'),
	(100001406, 2522, 1, '2026-11-26 12:11:44.777983+00'),
	(100000851, 1920, 1, '2026-11-26 12:11:44.777983+00'),
	(100002849, 1560, 1, '2026-11-26 12:11:44.777983+00'),
	(100002516, 40, 1, '2026-11-26 12:11:44.777983+00'),
	(100002109, 40, 1, '2026-11-26 12:11:44.777983+00'),
	(100002183, 2705, 1, '2026-11-26 12:11:44.777983+00'),
	(100001961, 1281, 1, '2026-11-26 12:11:44.777983+00'),
	(100001998, 2705, 1, '2026-11-26 12:11:44.777983+00'),
	(100001517, 1280, 1, '2026-11-26 12:11:44.777983+00'),
	(100001739, 2280, 1, '2026-11-26 12:11:44.777983+00'),
	(100000111, 1302, 1, '2026-11-26 12:11:44.777983+00'),
	(100002960, 1140, 2, '2026-11-26 12:11:56.024333+00'),
	(100002997, 1180, 2, '2026-11-26 12:11:56.024333+00'),
	(100003034, 2705, 2, '2026-11-26 12:11:56.024333+00'),
	(100003071, 1920, 2, '2026-11-26 12:11:56.024333+00'),
	(100003108, 2462, 2, '2026-11-26 12:11:56.024333+00'),
	(100003145, 2280, 2, '2026-11-26 12:11:56.024333+00'),
	(100003219, 2280, 3, '2026-11-26 12:12:00.572176+00'),
	(100003367, 10, 3, '2026-11-26 12:12:00.572176+00'),
	(100003256, 2522, 3, '2026-11-26 12:12:00.572176+00'),
	(100003293, 2220, 3, '2026-11-26 12:12:00.572176+00'),
	(100003182, 2585, 3, '2026-11-26 12:12:00.572176+00'),
	(100003330, 1320, 3, '2026-11-26 12:12:00.572176+00');
INSERT INTO marts.labels_history VALUES
	(100000000, 1300, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '56f21ae87897258933d4a6db26441e49', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000037, 2582, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '6f11cefe2c2cbff9c86d0c8615ed5c68', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000074, 2280, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '851644822110ffb15fd2f43ecfa93444', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000111, 1302, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '6eb9f4fe6a824201ed3edce6b33ad68b', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000148, 2583, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '7785f9e8d05a6ba3cc32875af70bd8fb', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000185, 1301, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'ff7e6a31e8753409ee4fa60bb164ac70', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000222, 1281, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'a38d5ffb098813019a51d1477a25f5bf', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000259, 1140, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '2d70e962a2729016de72945e98b5a2e4', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000296, 60, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'bb70f95b3f684162d52a7f1654873121', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000333, 2583, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '3e1732b28f4bf13bb189c0190bb91f4b', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000370, 1300, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'f3bc63a1f5de01c41fdd81b75bbebb49', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000407, 1940, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '72405564df7ba73d5b22bc70550df9cb', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000444, 2583, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'cc676342554c5fede83e9cc1d2a31c12', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000481, 1560, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '10540293b5769e4fd4797280d395ede7', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000518, 1300, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '6b2017b652377c10aa7d941559c09e7a', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000555, 2280, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '5b876221e2cda62a2402c2324f7ea367', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000592, 2582, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '051985e7c2e1fa2694ed0e651ba8a7ec', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000629, 2060, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'e654725174713c9ac71a14ad0009f96d', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000666, 1920, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '7bff330a94c8b77df4cacda3f2af583f', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000703, 1320, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'a85f4c4ce78681e78533ada2a3d3b368', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000740, 2585, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'f4c6960aa364c1a18324f9f2cefcd084', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000777, 40, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '10ccff6d97ab160c71bc592018a30fcd', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000814, 1560, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '8f83a12cedcfc241085c51ccfc5ba228', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000851, 1920, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'ee9a3e29a7c85472e634c21422d7a3e9', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000888, 2582, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '5ddc73e23c10aa1bedc4cf3194cf4158', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000925, 1560, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4fce2a44edee77e5e5e50e74b5ebff4d', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000962, 1302, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '5b83007d531bd7294cd944a3d9671062', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000999, 1160, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '73ebe6e8cda35ab41300f1f5fb731965', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001036, 1560, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '32929ec1deb36dfa61195a774d3cb592', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001073, 2522, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '11df5675dc363bfaebe217635428e2fa', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001110, 2583, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '6cd7dddfc8d4c02cf565d13af397f174', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001147, 2583, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '5d164fb9b302173fcc6cf89833a955fc', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001184, 1160, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '0d52c0923595ecfbdbabfa0c25f1f575', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001221, 2403, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4e5db6a9cb5c65d9e0f1fd8d5dca8bc3', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001258, 1920, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'fa79b636c54c9c6589ea9c199bd3391e', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001295, 1281, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '9e852389fe79a944be743e01127a9263', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001332, 1280, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '989bbc3fa9e8f5b7da84130db3358c3d', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001369, 2583, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4dccbe7570006e49c5efdb87091d4c69', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001406, 2522, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4f54608026f18c35204d77633ff42234', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001443, 2705, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'd506259901b4ae82b78d52287ea8cc11', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001480, 10, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'e3e677b3080f899000463d6720de6b81', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001517, 1280, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'b16e8b1448056a6c182a38045fb13d33', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001554, 1320, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '8ea027c4fe5aabc18e5f71c0f0605ae6', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001591, 10, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'c717f70494f66a4330831251396dcdc7', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001628, 2585, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'cbe49264aed1f625b116169ad88fec23', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001665, 1281, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '0bff23007e1c29eb3feef8e5820a9bc0', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001702, 2403, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'abb4429be8cb88ba5e45460dac1c9fae', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001739, 2280, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'ebc4fdc05bcf0ec48ed6c7661a14f16f', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001776, 2905, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '0f95c1daa00ffe265d3c0801b4d078f2', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001813, 2522, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '3aae1ba474288eb423d0b56281e0002a', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001850, 2582, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '7affd5bc8fdf27d9d69d3a4b42d33813', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001887, 1920, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '60feec23ad0f260c3d83379025621ab6', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001924, 1280, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'db74deaf40887adb6bb5f4b05e0aa0b6', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001961, 1281, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '8cae854d8074e22e5948939d44033194', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001998, 2705, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'ddc77b238f77a1d76f2f9042ec4468b3', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002035, 2705, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '0a151d2f0f80eade33a6f226e9174cbd', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002072, 1300, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'fee343c2c35c79ffc643d2c6ca97d5fd', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002109, 40, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '034bf56324f3be4656d91c66b329fb91', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002146, 1280, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'f51b8112f98030fcecf0dfcbc0d77c29', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002183, 2705, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '8e56e4e0a7f6bde3a6c6d17843a81364', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002220, 40, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'e3eabce35323ad4116579fc7d94405a4', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002257, 2522, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'f6a535626df5e00cc26629a81b98d708', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002294, 2060, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'aaf2029e131002c1ac81fc815d18d6ba', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002331, 2403, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '1d39d8309e55dc00533d377445d37993', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002368, 2583, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4062c8b933620e2d2159a602a62f1441', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002405, 1300, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '28889ad260ff90c8be792af0bef6fc40', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002442, 2583, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '85308eb032ac1c3a12a98a7bd9918b61', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002479, 2522, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '243285a342366a069ed5b009e4578a9c', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002516, 40, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '458bf185189cdb3e7ae803c1869e44a0', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002553, 1280, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'f9165cb121bc930ec0deaba05144f804', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002590, 2220, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '9e25aeca8f4080f3e6fac27d231a748f', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002627, 50, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '825a899e6756fdfdc9c24b9869aca203', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002664, 1180, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4057750c98c71dc40bbf935b4b9acb2d', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002701, 2705, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '06374feb4caed95023178f6394ac24bc', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002738, 1560, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'af7223cd1c9c3ab735f6c03873990700', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002775, 1160, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '04e1d286e36f54f1fae01f1b3afb69fb', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002812, 1280, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '320172a291d94a51cd63d294b1a7e129', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002849, 1560, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'b4317532527913301a56c245d7c9a5be', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002886, 1301, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '466d1328770d326040aef0a608a1bf8c', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002923, 1280, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '14a40908baa550fce7251fd8c2de5a4c', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002960, 1140, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', 'b0a0aaf98c9957a61e46350031eb2615', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100002997, 1180, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', 'cfefd3217506e0b24e537954b46b8203', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100003034, 2705, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', 'ac5ba24d577830158e3cf89fb3eae953', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100003071, 1920, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', 'bb4d3db5aa9ffa00428540adb58087fa', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100003108, 2462, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', 'ee31a8eb5ea098af89b0768c49696961', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100003145, 2280, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', '890417079ea329ffb6eaf22cae705f98', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100003182, 2585, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', '5cab356039320909da30df4e8f9224a0', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00'),
	(100003219, 2280, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', '16d820b27a4fb80ebce6b9c643e8fcfa', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00'),
	(100003256, 2522, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', 'f9d2730b2023f67f500940423423ea0d', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00'),
	(100003293, 2220, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', 'bf8c4b1f4bcbd9a320f167ef7be9ac5a', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00'),
	(100003330, 1320, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', '816d162daa5c2baca8fdb176feb3e763', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00'),
	(100003367, 10, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', '5aebf0a482e625d750c4692ee33234ea', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00');
INSERT INTO marts.product_categories VALUES
	(10, 'Used books', 'Livres d''occasion'),
	(40, 'Imported video games and accessories', 'Jeux vidéo et accessoires d''import'),
	(50, 'Gaming accessories', 'Accessoires de jeux vidéo'),
	(60, 'Video game consoles', 'Consoles de jeux vidéo'),
	(1140, 'Figurines and pop-culture goods', 'Figurines et produits dérivés'),
	(1160, 'Collectible cards', 'Cartes à collectionner'),
	(1180, 'Tabletop figurines and role-playing games', 'Figurines de plateau et jeux de rôle'),
	(1280, 'Toys for children', 'Jouets pour enfants'),
	(1281, 'Board games', 'Jeux de société'),
	(1300, 'Models and remote-controlled toys', 'Modélisme et jouets télécommandés'),
	(1301, 'Baby socks and pub games', 'Chaussettes bébé et jeux de café'),
	(1302, 'Outdoor games and sports', 'Jeux de plein air et sports'),
	(1320, 'Nursery and baby care', 'Puériculture'),
	(1560, 'Indoor furniture and bedding', 'Mobilier d''intérieur et literie'),
	(1920, 'Household linen and cushions', 'Linge de maison et coussins'),
	(1940, 'Food and drink', 'Épicerie et boissons'),
	(2060, 'Interior decoration', 'Décoration d''intérieur'),
	(2220, 'Pet supplies', 'Animalerie'),
	(2280, 'Magazines and newspapers', 'Magazines et journaux'),
	(2403, 'Lots of books and magazines', 'Lots de livres et magazines'),
	(2462, 'Used video game lots', 'Lots de jeux vidéo d''occasion'),
	(2522, 'Stationery', 'Papeterie'),
	(2582, 'Garden furniture', 'Mobilier de jardin'),
	(2583, 'Swimming pool equipment', 'Équipement de piscine'),
	(2585, 'Garden tools and DIY', 'Outils de jardin et bricolage'),
	(2705, 'New books', 'Livres neufs'),
	(2905, 'Downloadable PC games', 'Jeux PC à télécharger');
INSERT INTO marts.product_folds VALUES
	(100000000, 9, '8925ad2ff7d70777653e5e824a5e6367', 1),
	(100001073, 0, '3e7e10ce18e229f6f8b1d88838ec89c3', 1),
	(100001628, 3, 'fdc7079fb53fba9210e3dedb9001f6fe', 1),
	(100000407, 8, '3ffbedac1fcd789d1d23c5fe1eac8de7', 1),
	(100001036, 4, 'f8da705651d2b0c3010574eddae4899b', 1),
	(100000740, 2, 'c085427e81b44037a7ce4766131276cb', 1),
	(100002627, 9, '61f6cd5109878e0dbfff1cbd973e920e', 1),
	(100002442, 4, '29d59754225951a01c2eab4ca62031fc', 1),
	(100002886, 6, 'e595b20a8bc842c6ccc658e5fad57b04', 1),
	(100000666, 5, '2cdda46ffbeac0eca2f7f75c833116aa', 1),
	(100002035, 7, '547db967010651c60886ea8d92f65269', 1),
	(100001147, 3, '6f887eaf97712636b0271ea84d117f6a', 1),
	(100002257, 2, 'a43f645a066db799b349c573c3a303a5', 1),
	(100002331, 8, 'a16fe49eb69d55106e6cd396dda1251e', 1),
	(100002923, 8, '0c117386efd26860cd73982a3b7e413b', 1),
	(100001443, 0, 'dabe212cb887bcb84037700829d81c7e', 1),
	(100001221, 2, '87cd3626c354bd77924dba3d0fa3bb5a', 1),
	(100001924, 4, '6f57ed3638b5b67597c8b83032212a63', 1),
	(100002701, 0, '2f0dadde7d139b1741fea3678d1162ef', 1),
	(100002146, 2, 'a23ea0a859506a15071a00c3126c4fc9', 1),
	(100000370, 7, '4e7704e713095dc690c4f949311e3396', 1),
	(100000888, 2, '3fcdbfa8ab880bd5c05a5f5bc1bf8e51', 1),
	(100000999, 0, '04a18e083b7cfb0a94f47632e09c5778', 1),
	(100001665, 4, 'e43b44e06121eee8c2ce640e6e5e2d44', 1),
	(100000074, 6, 'ce4a1e42b8ae2b207b94ff60d4d13542', 1),
	(100000296, 2, '028ee7ca9475ab6bffe80334778cc862', 1),
	(100000925, 9, '6887e4edffdc590e95c693a5cb4bc86a', 1),
	(100001591, 0, 'd7932434852996f534e08ece7424438f', 1),
	(100000814, 8, '96490df29c78c30937acc106e8ce95eb', 1),
	(100000185, 2, '2e88a1a432f2c68e7850fc028eb71bc3', 1),
	(100002479, 6, '88846c14e430f74f8c883438ad50fedb', 1),
	(100002664, 3, 'b75f5415e80ffabec7369eddbc1cd933', 1),
	(100002368, 7, '94aea14f2eda6dbd9d581fead3f2720e', 1),
	(100000777, 4, 'fd6c53be35a0e7e97098f2db3b12b512', 1),
	(100000629, 2, '134e71348502c636320acbe969eddb81', 1),
	(100002590, 6, '68f28c5a81f949120cee45ecded858c9', 1),
	(100002738, 3, '01d33143df87ee276c638e03c8c6b14f', 1),
	(100000037, 2, '32fd898e20aee2ad1f008c83aa51c716', 1),
	(100001295, 4, 'e74f5dc46e5018b6272639b3174389a0', 1),
	(100002072, 5, '595922a3cfdd69b7a55e9e68966b210b', 1),
	(100002812, 4, '245bbc86e6e76e329f275d800a548a32', 1),
	(100001850, 2, 'f62db29ec6f095bc5e62ce9fabe39ece', 1),
	(100001887, 9, 'd80acb41aefd0def56fcb6bc3b41c2f6', 1),
	(100002775, 9, '8a90b63755935822c8ff8b8248c1391a', 1),
	(100000148, 7, 'd0743195f85d25582df81c66e81d96b5', 1),
	(100002553, 0, '70582404be3be6302f401e402c7fc425', 1),
	(100001258, 3, '872a71a32d6a2fecbcae01788829be4a', 1),
	(100001813, 5, 'd83e3bb74c8f22180e86fb07688b25a7', 1),
	(100000703, 3, '259df3ab75a8e24ab633a7462887a890', 1),
	(100002294, 7, '7a2e12d35d5ffff5922987605560ebcb', 1),
	(100000555, 7, '031ed46bc3a3cc87083c4838320cb27a', 1),
	(100000962, 8, '190bf980489d52f8fda128e3ad81b7ae', 1),
	(100000592, 6, '903f057c64b195ebbf273e265aca6dd3', 1),
	(100001702, 7, '8847d2c330cb87b8360e2dd5de232eba', 1),
	(100000222, 5, 'bccbcf615ea4c2edf6ffb4265a266046', 1),
	(100001184, 8, '36baf4aedfd28583318cf9cfdda60e81', 1),
	(100000444, 8, 'adf6069ece44355419171b2bbaf0074b', 1),
	(100001369, 3, 'ecf0225d2633caa20d8317811523f9a2', 1),
	(100001332, 2, 'a7e83db6acd3ee19a38a21825bcb5eca', 1),
	(100000518, 7, 'd332d6e30f76319d4c69ef731adb65e5', 1),
	(100001776, 1, 'fb64d65bf6d8971e00b9c7bbfdb1923c', 1),
	(100000333, 4, '0081cfb256e710af90950373068eb426', 1),
	(100002405, 1, 'd4752d61144c27edc22f2ec0ab10cb52', 1),
	(100002220, 7, 'ba6083953841d750d12dffb1e7e02d63', 1),
	(100000259, 1, '30fc127baa2ce7027710b973a3a9f687', 1),
	(100000481, 6, '56cc00246bf3c663b98ff284fbeff966', 1),
	(100001554, 4, 'b281802232b82755dbd0e9c558a182db', 1),
	(100001480, 3, 'd52abdc7ac1056ab44536a14da4c280d', 1),
	(100001110, 2, '50bffa9cef3c9ca79107ab0c13b5204f', 1),
	(100001406, 7, '97c1d5eb89d7236b22f14eee992e266a', 1),
	(100000851, 3, 'cc2109b1e280e0925984b333eae6f244', 1),
	(100002849, 9, 'a35bf8931b6a3784869cc918b9faf6da', 1),
	(100002516, 2, 'f853faba8bcb72f5e9a3e1b1eacb8d99', 1),
	(100002109, 5, '333bb3b5728fc7276c72ab5aac65ca21', 1),
	(100002183, 4, '7f330b8cbe2c57a5cdc1ad07ca70eda0', 1),
	(100001961, 5, '17fd330d8aa06db2dcb5da45761f61b9', 1),
	(100001998, 4, '10f8edd098489ee537ab496a60fee6f3', 1),
	(100001517, 2, 'd11217ac7c5fbc0d103c30eafbd295f7', 1),
	(100001739, 9, '85c06d7db293109ace1162b5fb9b7191', 1),
	(100000111, 8, 'b8e3c58269829aa374164f0fd3e83d2a', 1),
	(100002997, 2, '432140bcc6efe8b9dfdf1b96f65905cf', 2),
	(100003034, 3, 'cad329631d36243c0e5079031ec33dff', 2),
	(100003145, 8, '964e794a95d8d8f38e597e0ae31f843c', 2),
	(100003108, 3, '61e39ee790d7e82be05cce39675546db', 2),
	(100002960, 8, '444ef9c6fd56c92bc1e2dcfb007a93bd', 2),
	(100003071, 2, 'd332a0ecefb4348c2f5bd5342af6985d', 2),
	(100003219, 1, 'a510b801f2491578ddb91d473ef2b53f', 3),
	(100003367, 7, '85b952253110017bbbe9a0d17eafbe48', 3),
	(100003256, 7, 'b68e2dadbdff526a11c7b6b822753226', 3),
	(100003293, 9, '76297d413801e2142575ddc35ab785d6', 3),
	(100003182, 8, '6930cc9cad8fda149e1d10d398c3bd1c', 3),
	(100003330, 7, '57ecb5cba62dad68c0bdd92a1b93073e', 3);
INSERT INTO marts.products VALUES
	(100000000, 0, 'Hélice couleur drone drone original - 89 x 11', NULL, 500000000, 'images/image_train/image_500000000_product_100000000.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000037, 1, 'Pratique hamac confort coussin petit blanc cadeau - 80 x 2', 'Série adulte salon hamac jardin noir.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Dimensions : 30 x 20 cm, poids 450 g.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500000053, 'images/image_train/image_500000053_product_100000037.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000074, 2, 'Moderne revue journal magazine léger nouveau - 81 x 35', '<p>Lot pratique modèle illustré classique taille rouge nouveau couleur moderne nouveau résistant.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p>', 500000106, 'images/image_train/image_500000106_product_100000074.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000111, 3, 'Couleur série pêche rouge vélo léger confort vélo - 65 x 13', '<p>Tente leurre pratique original cadeau trampoline arc nouveau confort adulte pièces.</p><p>Livré sous 48 h, emballage soigné.</p>', 500000159, 'images/image_train/image_500000159_product_100000111.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000148, 4, 'État livraison rouge échelle pratique - 26 x 12', 'Idéal petit liner échelle état piscine moderne résistant série.
Garantie 2 ans, pièces et main-d''œuvre.
Dimensions : 30 x 20 cm, poids 450 g.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500000212, 'images/image_train/image_500000212_product_100000148.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000185, 5, 'Original bébé chaussettes confort classique - 52 x 14', 'Résistant bleu babyfoot moderne adulte. Livré sous 48 h, emballage soigné. Dimensions : 30 x 20 cm, poids 450 g. Matière douce, facile à nettoyer &amp; durable.', 500000265, 'images/image_train/image_500000265_product_100000185.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000222, 6, 'Couleur état adulte jeu famille - 15 x 40', NULL, 500000318, 'images/image_train/image_500000318_product_100000222.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000259, 7, 'Héros figurine nouveau petit france - 67 x 37', 'Taille facile héros modèle léger. Garantie 2 ans, pièces et main-d''œuvre.', 500000371, 'images/image_train/image_500000371_product_100000259.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000296, 8, 'Mini noire modèle pratique - 77 x 20', 'Livraison noir pièces haute idéal portable léger modèle. Matière douce, facile à nettoyer &amp; durable. Garantie 2 ans, pièces et main-d''œuvre. Modèle dit "premium", finition soignée.', 500000424, 'images/image_train/image_500000424_product_100000296.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000333, 9, 'Qualité pratique baby-foot classique fléchettes babyfoot cadeau - 19 x 16', 'Filtre petit chlore style bleu.<br />Idéal pour offrir à Noël ou pour un anniversaire.', 500000477, 'images/image_train/image_500000477_product_100000333.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000370, 10, 'Confort blanc état batterie résistant avec télécommandé - 65 x 40', '<p>Noir série cadeau modèle taille léger nouveau qualité.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Livré sous 48 h, emballage soigné.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 500000530, 'images/image_train/image_500000530_product_100000370.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000407, 11, 'Café qualité couleur qualité café - 62 x 31', 'Rouge idéal confort biscuit sachet facile couleur léger nouveau. Neuf, jamais utilisé. Prix &lt; 20 &euro;. Garantie 2 ans, pièces et main-d''œuvre.', 500000583, 'images/image_train/image_500000583_product_100000407.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000444, 12, 'Pratique noir bâche état robot filtre - 88 x 30', NULL, 500000636, 'images/image_train/image_500000636_product_100000444.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000481, 13, 'Meuble idéal modèle - 37 x 10', NULL, 500000689, 'images/image_train/image_500000689_product_100000481.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000518, 14, 'Cm drone hélice pièces pièces taille pratique - 94 x 34', NULL, 500000742, 'images/image_train/image_500000742_product_100000518.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000555, 15, 'Confort résistant revue état hebdomadaire bleu état - 37 x 2', NULL, 500000795, 'images/image_train/image_500000795_product_100000555.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000592, 16, 'Qualité qualité taille qualité confort holographique édition carte - 32 x 15', 'Bleu pour rouge facile bleu tonnelle état résistant parasol couleur salon léger.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Livré sous 48 h, emballage soigné.<br />Garantie 2 ans, pièces et main-d''œuvre.', 500000848, 'images/image_train/image_500000848_product_100000592.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000629, 17, 'Original lin lin original canapé - 82 x 25', 'Nouveau avec noir cm sticker blanc led taille léger. Livré sous 48 h, emballage soigné.', 500000901, 'images/image_train/image_500000901_product_100000629.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000666, 18, 'Rouge confiture grand grand - 57 x 12', '<p>Rideau léger blanc pratique facile livraison qualité moderne classique rouge.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Modèle dit "premium", finition soignée.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p>', 500000954, 'images/image_train/image_500000954_product_100000666.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000703, 19, 'Pièces peinte porte-clés classique facile lot - 78 x 11', '<p>Sac classique facile sac idéal couleur original biberon cadeau.</p><p>Livré sous 48 h, emballage soigné.</p>', 500001007, 'images/image_train/image_500001007_product_100000703.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000740, 20, 'Livraison scie série - 62 x 30', NULL, 500001060, 'images/image_train/image_500001060_product_100000740.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000777, 21, 'Édition facile lot cartouche import rouge idéal pratique - 52 x 5', 'Haute import import cartouche haute série idéal résistant japonaise pour style.
Modèle dit "premium", finition soignée.
Dimensions : 30 x 20 cm, poids 450 g.
Matière douce, facile à nettoyer &amp; durable.', 500001113, 'images/image_train/image_500001113_product_100000777.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000814, 22, 'Matelas série classique bleu - 72 x 6', NULL, 500001166, 'images/image_train/image_500001166_product_100000814.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000851, 23, 'Taie léger coussin pour noir style blanc taie - 5 x 30', 'Canapé housse adulte avec léger.
Garantie 2 ans, pièces et main-d''œuvre.
Matière douce, facile à nettoyer &amp; durable.', 500001219, 'images/image_train/image_500001219_product_100000851.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000888, 24, 'Léger bâche série parasol bâche - 34 x 22', NULL, 500001272, 'images/image_train/image_500001272_product_100000888.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000925, 25, 'Bleu table style bois confort série - 74 x 13', 'Adulte série pièces pratique chaise taille léger canapé livraison petit bleu bois. Neuf, jamais utilisé. Prix &lt; 20 &euro;. Modèle dit "premium", finition soignée.', 500001325, 'images/image_train/image_500001325_product_100000925.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000962, 26, 'Taille petit leurre arc tente - 37 x 24', NULL, 500001378, 'images/image_train/image_500001378_product_100000962.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100000999, 27, 'Pratique rare original - 40 x 25', 'Facile carte nouveau livraison édition petit cadeau française original noir cadeau rouge taille rare.
Matière douce, facile à nettoyer &amp; durable.
Garantie 2 ans, pièces et main-d''œuvre.
Dimensions : 30 x 20 cm, poids 450 g.', 500001431, 'images/image_train/image_500001431_product_100000999.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001036, 28, 'Style étagère résistant adulte étagère moderne modèle - 68 x 34', 'Blanc meuble france moderne. Garantie 2 ans, pièces et main-d''œuvre. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te. Attention : ne convient pas aux enfants de moins de 3 ans.', 500001484, 'images/image_train/image_500001484_product_100001036.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001073, 29, 'Stylo noir adulte moderne cadeau grand - 31 x 5', '<p>Grand pratique cadeau encre taille avec feuilles papier original feuilles moderne cadeau pour blanc.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Livré sous 48 h, emballage soigné.</p><p>Matière douce, facile à nettoyer &amp; durable.</p>', 500001537, 'images/image_train/image_500001537_product_100001073.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001110, 30, 'Grand robot spa pour cadeau idéal - 61 x 14', NULL, 500001590, 'images/image_train/image_500001590_product_100001110.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001147, 31, 'Classique robot liner série léger pompe nouveau - 84 x 7', NULL, 500001643, 'images/image_train/image_500001643_product_100001147.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001184, 32, 'Brillante livraison facile française cm - 40 x 8', '<p>Noir france original blanc noir facile original.</p><p>Attention : ne convient pas aux enfants de moins de 3 ans.</p>', 500001696, 'images/image_train/image_500001696_product_100001184.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001221, 33, 'Blanc cadeau idéal tomes qualité - 1 x 39', 'Qualité résistant collection noir idéal qualité noir pratique dessinées moderne adulte livres. Garantie 2 ans, pièces et main-d''œuvre. Livré sous 48 h, emballage soigné.', 500001749, 'images/image_train/image_500001749_product_100001221.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001258, 34, 'Lot coussin cadeau pour avec - 15 x 39', '<p>Pour léger résistant résistant lot état lot cadeau état housse modèle france cadeau style.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 500001802, 'images/image_train/image_500001802_product_100001258.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001295, 35, 'Classique sachet qualité sirop - 7 x 20', 'Facile idéal résistant léger état taille état grand qualité.<br />Modèle dit "premium", finition soignée.<br />Livré sous 48 h, emballage soigné.', 500001855, 'images/image_train/image_500001855_product_100001295.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001332, 36, 'Peluche haute résistant blanc résistant musical couleur jouet - 72 x 20', 'Cm haute france adulte couleur.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.
Idéal pour offrir à Noël ou pour un anniversaire.', 500001908, 'images/image_train/image_500001908_product_100001332.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001369, 37, 'Lot filtre livraison piscine série adulte - 73 x 38', 'Pour grand confort grand léger nouveau. Dimensions : 30 x 20 cm, poids 450 g. Matière douce, facile à nettoyer &amp; durable.', 500001961, 'images/image_train/image_500001961_product_100001369.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001406, 38, 'Facile stylo série bleu modèle stylo cadeau - 7 x 18', 'Couleur original idéal état cadeau taille nouveau classeur. Matière douce, facile à nettoyer &amp; durable.', 500002014, 'images/image_train/image_500002014_product_100001406.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001443, 39, 'Biographie pour nouveau - 11 x 25', NULL, 500002067, 'images/image_train/image_500002067_product_100001443.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001480, 40, 'Lecture pour haute édition broché blanc lot lot - 86 x 25', NULL, 500002120, 'images/image_train/image_500002120_product_100001480.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001517, 41, 'Moderne véhicule enfant grand état - 18 x 3', 'Livraison peluche léger idéal haute poupée confort pratique rouge dinosaure léger grand résistant qualité.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Garantie 2 ans, pièces et main-d''œuvre.', 500002173, 'images/image_train/image_500002173_product_100001517.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001554, 42, 'Cadeau biberon original bleu sac - 67 x 6', 'Résistant livraison qualité confort blanc classique classique langer classique classique.<br />Livré sous 48 h, emballage soigné.<br />Garantie 2 ans, pièces et main-d''œuvre.', 500002226, 'images/image_train/image_500002226_product_100001554.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001591, 43, 'Lecture récit livraison nouveau - 34 x 12', 'Couleur cm rouge cadeau pièces léger couleur couleur petit avec. Idéal pour offrir à Noël ou pour un anniversaire. Modèle dit "premium", finition soignée.', 500002279, 'images/image_train/image_500002279_product_100001591.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001628, 44, 'Adulte tondeuse livraison blanc pour perceuse - 31 x 34', NULL, 500002332, 'images/image_train/image_500002332_product_100001628.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001665, 45, 'Société taille puzzle série - 14 x 2', NULL, 500002385, 'images/image_train/image_500002385_product_100001665.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001702, 46, 'Collection bleu livres modèle livres série - 47 x 35', 'Qualité bleu dessinées original tomes volumes volumes mangas série mangas pour léger livraison bandes.<br />Modèle dit "premium", finition soignée.<br />Livré sous 48 h, emballage soigné.', 500002438, 'images/image_train/image_500002438_product_100001702.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001739, 47, 'Rouge illustré illustré état moderne idéal numéro - 80 x 18', '<p>Lot couleur blanc haute cm livraison.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 500002491, 'images/image_train/image_500002491_product_100001739.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001776, 48, 'Adulte numérique bleu numérique simulation - 94 x 35', 'Avec classique confort style numérique.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500002544, 'images/image_train/image_500002544_product_100001776.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001813, 49, 'Idéal papier adulte carnet classeur état - 14 x 36', 'Moderne avec encre moderne noir cadeau noir petit.<br />Dimensions : 30 x 20 cm, poids 450 g.<br />Idéal pour offrir à Noël ou pour un anniversaire.', 500002597, 'images/image_train/image_500002597_product_100001813.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001850, 50, 'Salon classique pour extérieur - 44 x 31', NULL, 500002650, 'images/image_train/image_500002650_product_100001850.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001887, 51, 'Série décoration style grand petit taille décoration - 23 x 2', 'Canapé décoration rouge idéal blanc original coussin nouveau cm coussin original facile. Modèle dit "premium", finition soignée. Garantie 2 ans, pièces et main-d''œuvre. Matière douce, facile à nettoyer &amp; durable.', 500002703, 'images/image_train/image_500002703_product_100001887.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001924, 52, 'Musical léger petit nouveau original pièces - 93 x 24', '<p>Facile rouge taille rouge noir classique bleu enfant.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Matière douce, facile à nettoyer &amp; durable.</p>', 500002756, 'images/image_train/image_500002756_product_100001924.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001961, 53, 'Cartes livraison jeu pratique blanc cartes - 42 x 35', 'Société enfant cartes modèle cadeau bleu livraison.<br />Modèle dit "premium", finition soignée.', 500002809, 'images/image_train/image_500002809_product_100001961.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100001998, 54, 'Cm biographie idéal - 46 x 34', '<p>Idéal haute classique guide couleur rouge.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p>', 500002862, 'images/image_train/image_500002862_product_100001998.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002035, 55, 'Art lot couleur philosophie état guide modèle pièces - 42 x 10', '<p>Adulte idéal bleu idéal adulte avec style biographie adulte.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p>', 500002915, 'images/image_train/image_500002915_product_100002035.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002072, 56, 'Modèle adulte moteur - 5 x 22', NULL, 500002968, 'images/image_train/image_500002968_product_100002072.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002109, 57, 'Rouge qualité france console jeu avec taille - 99 x 36', '<p>Résistant édition grand japonaise console.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p>', 500003021, 'images/image_train/image_500003021_product_100002109.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002146, 58, 'Classique peluche série qualité adulte dinosaure rouge - 44 x 21', 'Taille nouveau nouveau léger musical cadeau jouet noir.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Attention : ne convient pas aux enfants de moins de 3 ans.', 500003074, 'images/image_train/image_500003074_product_100002146.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002183, 59, 'Volant petit état câble série adaptateur rouge qualité - 66 x 27', NULL, 500003127, 'images/image_train/image_500003127_product_100002183.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002220, 60, 'Idéal jeu édition cadeau - 96 x 27', '<p>Taille grand rouge modèle haute noir haute jeu couleur jeu grand.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p>', 500003180, 'images/image_train/image_500003180_product_100002220.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002257, 61, 'Tuyau qualité tondeuse arrosage livraison état - 61 x 5', 'État livraison taille papier lot cahier résistant avec lot pratique classeur. Idéal pour offrir à Noël ou pour un anniversaire.', 500003233, 'images/image_train/image_500003233_product_100002257.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002294, 62, 'Horloge led état qualité blanc résistant original led - 16 x 28', 'Grand grand confort moderne.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.', 500003286, 'images/image_train/image_500003286_product_100002294.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002331, 63, 'Avec modèle bandes - 73 x 16', NULL, 500003339, 'images/image_train/image_500003339_product_100002331.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002368, 64, 'Noël haute sticker cadeau adulte - 59 x 9', '<p>Facile état échelle pratique robot.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Modèle dit "premium", finition soignée.</p>', 500003392, 'images/image_train/image_500003392_product_100002368.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002405, 65, 'Avec couleur bleu nouveau moteur noir - 11 x 14', NULL, 500003445, 'images/image_train/image_500003445_product_100002405.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002442, 66, 'Étagère classique chaise taille modèle - 29 x 24', NULL, 500003498, 'images/image_train/image_500003498_product_100002442.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002479, 67, 'Bleu couleur état papier carnet pour noir - 5 x 21', 'Original original idéal grand modèle classeur série. Dimensions : 30 x 20 cm, poids 450 g. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.', 500003551, 'images/image_train/image_500003551_product_100002479.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002516, 68, 'Cartouche modèle console pour - 28 x 17', 'Taille grand version cadeau version petit qualité noir console cartouche.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500003604, 'images/image_train/image_500003604_product_100002516.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002553, 69, 'France nouveau pièces tondeuse lame - 54 x 22', 'Musical enfant série dinosaure léger.<br />Garantie 2 ans, pièces et main-d''œuvre.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Dimensions : 30 x 20 cm, poids 450 g.', 500003657, 'images/image_train/image_500003657_product_100002553.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002590, 70, 'France noir noir litière taille - 54 x 21', 'Litière noir petit moderne pièces.<br />Modèle dit "premium", finition soignée.', 500003710, 'images/image_train/image_500003710_product_100002590.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002627, 71, 'Console pour nouveau facile console - 58 x 37', 'Grand modèle état adulte rouge série qualité noir idéal cadeau noir.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500003763, 'images/image_train/image_500003763_product_100002627.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002664, 72, 'Dé adulte cadeau miniature pièces - 97 x 40', NULL, 500003816, 'images/image_train/image_500003816_product_100002664.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002701, 73, 'Taille pour essai bleu taille - 20 x 14', 'Idéal rouge ouvrage nouveau ouvrage adulte grand bleu art résistant facile couleur.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Modèle dit "premium", finition soignée.', 500003869, 'images/image_train/image_500003869_product_100002701.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002738, 74, 'Nouveau tiroir qualité meuble petit - 70 x 9', '<p>Résistant tiroir idéal série cadeau couleur noir petit léger taille original livraison.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p><p>Attention : ne convient pas aux enfants de moins de 3 ans.</p><p>Modèle dit "premium", finition soignée.</p>', 500003922, 'images/image_train/image_500003922_product_100002738.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002775, 75, 'Holographique taille taille qualité booster - 73 x 8', NULL, 500003975, 'images/image_train/image_500003975_product_100002775.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002812, 76, 'Original camion blanc peluche - 56 x 34', '<p>Original rouge état nouveau série.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Modèle dit "premium", finition soignée.</p>', 500004028, 'images/image_train/image_500004028_product_100002812.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002849, 77, 'Avec canapé blanc - 90 x 18', '<p>Pièces classique style pièces table livraison cadeau haute modèle modèle pièces bois.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Livré sous 48 h, emballage soigné.</p><p>Modèle dit "premium", finition soignée.</p>', 500004081, 'images/image_train/image_500004081_product_100002849.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002886, 78, 'Idéal style couleur fléchettes - 9 x 14', 'Avec rouge rouge chaussettes léger noir modèle. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te. Attention : ne convient pas aux enfants de moins de 3 ans. Dimensions : 30 x 20 cm, poids 450 g.', 500004134, 'images/image_train/image_500004134_product_100002886.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002923, 79, 'Jouet jouet grand pratique pièces rouge - 74 x 2', NULL, 500004187, 'images/image_train/image_500004187_product_100002923.jpg', NULL, 1, '2026-11-26 12:11:44.777983+00'),
	(100002960, 80, 'Idéal couleur confort collection socle - 6 x 27', '<p>Grand rouge classique adulte grand collection.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p>', 500004240, 'images/image_train/image_500004240_product_100002960.jpg', NULL, 2, '2026-11-26 12:11:56.024333+00'),
	(100002997, 81, 'Peinture plateau lot lot armée - 9 x 14', NULL, 500004293, 'images/image_train/image_500004293_product_100002997.jpg', NULL, 2, '2026-11-26 12:11:56.024333+00'),
	(100003034, 82, 'Confort blanc pour blanc ouvrage - 90 x 16', '<p>Livraison grand art noir pièces guide nouveau rouge histoire bleu nouveau art pratique pratique.</p><p>Modèle dit "premium", finition soignée.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Livré sous 48 h, emballage soigné.</p>', 500004346, 'images/image_train/image_500004346_product_100003034.jpg', NULL, 2, '2026-11-26 12:11:56.024333+00'),
	(100003071, 83, 'Rideau taille bleu pour - 45 x 39', '<p>Livraison rideau pièces adulte housse léger petit taie motif rideau idéal.</p><p>Livré sous 48 h, emballage soigné.</p>', 500004399, 'images/image_train/image_500004399_product_100003071.jpg', NULL, 2, '2026-11-26 12:11:56.024333+00'),
	(100003108, 84, 'Nouveau lot occasion rouge - 34 x 40', 'Qualité idéal complet pack cadeau couleur avec modèle qualité pièces état.
Matière douce, facile à nettoyer &amp; durable.
Modèle dit "premium", finition soignée.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500004452, 'images/image_train/image_500004452_product_100003108.jpg', NULL, 2, '2026-11-26 12:11:56.024333+00'),
	(100003145, 85, 'Grand bleu cm juin haute - 45 x 31', '<p>Idéal facile haute série haute avec état confort cadeau numéro bleu.</p><p>Modèle dit "premium", finition soignée.</p><p>Livré sous 48 h, emballage soigné.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 500004505, 'images/image_train/image_500004505_product_100003145.jpg', NULL, 2, '2026-11-26 12:11:56.024333+00'),
	(100003182, 86, 'Grand style collier chien - 82 x 33', NULL, 500004558, 'images/image_train/image_500004558_product_100003182.jpg', NULL, 3, '2026-11-26 12:12:00.572176+00'),
	(100003219, 87, 'Blanc juin france pour modèle moderne - 88 x 16', 'Facile facile nouveau facile bleu qualité classique revue.
L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.
Modèle dit "premium", finition soignée.
Garantie 2 ans, pièces et main-d''œuvre.', 500004611, 'images/image_train/image_500004611_product_100003219.jpg', NULL, 3, '2026-11-26 12:12:00.572176+00'),
	(100003256, 88, 'Bloc bleu feuilles adulte - 40 x 17', NULL, 500004664, 'images/image_train/image_500004664_product_100003256.jpg', NULL, 3, '2026-11-26 12:12:00.572176+00'),
	(100003293, 89, 'Résistant niche harnais pratique idéal - 64 x 32', NULL, 500004717, 'images/image_train/image_500004717_product_100003293.jpg', NULL, 3, '2026-11-26 12:12:00.572176+00'),
	(100003330, 90, 'Modèle grand adulte poussette - 67 x 28', NULL, 500004770, 'images/image_train/image_500004770_product_100003330.jpg', NULL, 3, '2026-11-26 12:12:00.572176+00'),
	(100003367, 91, 'Pièces idéal pour cm roman - 60 x 4', NULL, 500004823, 'images/image_train/image_500004823_product_100003367.jpg', NULL, 3, '2026-11-26 12:12:00.572176+00');
INSERT INTO marts.products_history VALUES
	(100000000, 0, 'Hélice couleur drone drone original - 89 x 11', NULL, 500000000, 'images/image_train/image_500000000_product_100000000.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '56f21ae87897258933d4a6db26441e49', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000037, 1, 'Pratique hamac confort coussin petit blanc cadeau - 80 x 2', 'Série adulte salon hamac jardin noir.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Dimensions : 30 x 20 cm, poids 450 g.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500000053, 'images/image_train/image_500000053_product_100000037.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '6f11cefe2c2cbff9c86d0c8615ed5c68', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000074, 2, 'Moderne revue journal magazine léger nouveau - 81 x 35', '<p>Lot pratique modèle illustré classique taille rouge nouveau couleur moderne nouveau résistant.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p>', 500000106, 'images/image_train/image_500000106_product_100000074.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '851644822110ffb15fd2f43ecfa93444', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000111, 3, 'Couleur série pêche rouge vélo léger confort vélo - 65 x 13', '<p>Tente leurre pratique original cadeau trampoline arc nouveau confort adulte pièces.</p><p>Livré sous 48 h, emballage soigné.</p>', 500000159, 'images/image_train/image_500000159_product_100000111.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '6eb9f4fe6a824201ed3edce6b33ad68b', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000148, 4, 'État livraison rouge échelle pratique - 26 x 12', 'Idéal petit liner échelle état piscine moderne résistant série.
Garantie 2 ans, pièces et main-d''œuvre.
Dimensions : 30 x 20 cm, poids 450 g.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500000212, 'images/image_train/image_500000212_product_100000148.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '7785f9e8d05a6ba3cc32875af70bd8fb', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000185, 5, 'Original bébé chaussettes confort classique - 52 x 14', 'Résistant bleu babyfoot moderne adulte. Livré sous 48 h, emballage soigné. Dimensions : 30 x 20 cm, poids 450 g. Matière douce, facile à nettoyer &amp; durable.', 500000265, 'images/image_train/image_500000265_product_100000185.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'ff7e6a31e8753409ee4fa60bb164ac70', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000222, 6, 'Couleur état adulte jeu famille - 15 x 40', NULL, 500000318, 'images/image_train/image_500000318_product_100000222.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'a38d5ffb098813019a51d1477a25f5bf', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000259, 7, 'Héros figurine nouveau petit france - 67 x 37', 'Taille facile héros modèle léger. Garantie 2 ans, pièces et main-d''œuvre.', 500000371, 'images/image_train/image_500000371_product_100000259.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '2d70e962a2729016de72945e98b5a2e4', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000296, 8, 'Mini noire modèle pratique - 77 x 20', 'Livraison noir pièces haute idéal portable léger modèle. Matière douce, facile à nettoyer &amp; durable. Garantie 2 ans, pièces et main-d''œuvre. Modèle dit "premium", finition soignée.', 500000424, 'images/image_train/image_500000424_product_100000296.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'bb70f95b3f684162d52a7f1654873121', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000333, 9, 'Qualité pratique baby-foot classique fléchettes babyfoot cadeau - 19 x 16', 'Filtre petit chlore style bleu.<br />Idéal pour offrir à Noël ou pour un anniversaire.', 500000477, 'images/image_train/image_500000477_product_100000333.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '3e1732b28f4bf13bb189c0190bb91f4b', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000370, 10, 'Confort blanc état batterie résistant avec télécommandé - 65 x 40', '<p>Noir série cadeau modèle taille léger nouveau qualité.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Livré sous 48 h, emballage soigné.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 500000530, 'images/image_train/image_500000530_product_100000370.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'f3bc63a1f5de01c41fdd81b75bbebb49', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000407, 11, 'Café qualité couleur qualité café - 62 x 31', 'Rouge idéal confort biscuit sachet facile couleur léger nouveau. Neuf, jamais utilisé. Prix &lt; 20 &euro;. Garantie 2 ans, pièces et main-d''œuvre.', 500000583, 'images/image_train/image_500000583_product_100000407.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '72405564df7ba73d5b22bc70550df9cb', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000444, 12, 'Pratique noir bâche état robot filtre - 88 x 30', NULL, 500000636, 'images/image_train/image_500000636_product_100000444.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'cc676342554c5fede83e9cc1d2a31c12', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000481, 13, 'Meuble idéal modèle - 37 x 10', NULL, 500000689, 'images/image_train/image_500000689_product_100000481.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '10540293b5769e4fd4797280d395ede7', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000518, 14, 'Cm drone hélice pièces pièces taille pratique - 94 x 34', NULL, 500000742, 'images/image_train/image_500000742_product_100000518.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '6b2017b652377c10aa7d941559c09e7a', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000555, 15, 'Confort résistant revue état hebdomadaire bleu état - 37 x 2', NULL, 500000795, 'images/image_train/image_500000795_product_100000555.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '5b876221e2cda62a2402c2324f7ea367', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000592, 16, 'Qualité qualité taille qualité confort holographique édition carte - 32 x 15', 'Bleu pour rouge facile bleu tonnelle état résistant parasol couleur salon léger.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Livré sous 48 h, emballage soigné.<br />Garantie 2 ans, pièces et main-d''œuvre.', 500000848, 'images/image_train/image_500000848_product_100000592.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '051985e7c2e1fa2694ed0e651ba8a7ec', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000629, 17, 'Original lin lin original canapé - 82 x 25', 'Nouveau avec noir cm sticker blanc led taille léger. Livré sous 48 h, emballage soigné.', 500000901, 'images/image_train/image_500000901_product_100000629.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'e654725174713c9ac71a14ad0009f96d', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000666, 18, 'Rouge confiture grand grand - 57 x 12', '<p>Rideau léger blanc pratique facile livraison qualité moderne classique rouge.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Modèle dit "premium", finition soignée.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p>', 500000954, 'images/image_train/image_500000954_product_100000666.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '7bff330a94c8b77df4cacda3f2af583f', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000703, 19, 'Pièces peinte porte-clés classique facile lot - 78 x 11', '<p>Sac classique facile sac idéal couleur original biberon cadeau.</p><p>Livré sous 48 h, emballage soigné.</p>', 500001007, 'images/image_train/image_500001007_product_100000703.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'a85f4c4ce78681e78533ada2a3d3b368', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000740, 20, 'Livraison scie série - 62 x 30', NULL, 500001060, 'images/image_train/image_500001060_product_100000740.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'f4c6960aa364c1a18324f9f2cefcd084', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000777, 21, 'Édition facile lot cartouche import rouge idéal pratique - 52 x 5', 'Haute import import cartouche haute série idéal résistant japonaise pour style.
Modèle dit "premium", finition soignée.
Dimensions : 30 x 20 cm, poids 450 g.
Matière douce, facile à nettoyer &amp; durable.', 500001113, 'images/image_train/image_500001113_product_100000777.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '10ccff6d97ab160c71bc592018a30fcd', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000814, 22, 'Matelas série classique bleu - 72 x 6', NULL, 500001166, 'images/image_train/image_500001166_product_100000814.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '8f83a12cedcfc241085c51ccfc5ba228', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000851, 23, 'Taie léger coussin pour noir style blanc taie - 5 x 30', 'Canapé housse adulte avec léger.
Garantie 2 ans, pièces et main-d''œuvre.
Matière douce, facile à nettoyer &amp; durable.', 500001219, 'images/image_train/image_500001219_product_100000851.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'ee9a3e29a7c85472e634c21422d7a3e9', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000888, 24, 'Léger bâche série parasol bâche - 34 x 22', NULL, 500001272, 'images/image_train/image_500001272_product_100000888.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '5ddc73e23c10aa1bedc4cf3194cf4158', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000925, 25, 'Bleu table style bois confort série - 74 x 13', 'Adulte série pièces pratique chaise taille léger canapé livraison petit bleu bois. Neuf, jamais utilisé. Prix &lt; 20 &euro;. Modèle dit "premium", finition soignée.', 500001325, 'images/image_train/image_500001325_product_100000925.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4fce2a44edee77e5e5e50e74b5ebff4d', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000962, 26, 'Taille petit leurre arc tente - 37 x 24', NULL, 500001378, 'images/image_train/image_500001378_product_100000962.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '5b83007d531bd7294cd944a3d9671062', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100000999, 27, 'Pratique rare original - 40 x 25', 'Facile carte nouveau livraison édition petit cadeau française original noir cadeau rouge taille rare.
Matière douce, facile à nettoyer &amp; durable.
Garantie 2 ans, pièces et main-d''œuvre.
Dimensions : 30 x 20 cm, poids 450 g.', 500001431, 'images/image_train/image_500001431_product_100000999.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '73ebe6e8cda35ab41300f1f5fb731965', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001036, 28, 'Style étagère résistant adulte étagère moderne modèle - 68 x 34', 'Blanc meuble france moderne. Garantie 2 ans, pièces et main-d''œuvre. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te. Attention : ne convient pas aux enfants de moins de 3 ans.', 500001484, 'images/image_train/image_500001484_product_100001036.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '32929ec1deb36dfa61195a774d3cb592', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001073, 29, 'Stylo noir adulte moderne cadeau grand - 31 x 5', '<p>Grand pratique cadeau encre taille avec feuilles papier original feuilles moderne cadeau pour blanc.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Livré sous 48 h, emballage soigné.</p><p>Matière douce, facile à nettoyer &amp; durable.</p>', 500001537, 'images/image_train/image_500001537_product_100001073.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '11df5675dc363bfaebe217635428e2fa', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001110, 30, 'Grand robot spa pour cadeau idéal - 61 x 14', NULL, 500001590, 'images/image_train/image_500001590_product_100001110.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '6cd7dddfc8d4c02cf565d13af397f174', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001147, 31, 'Classique robot liner série léger pompe nouveau - 84 x 7', NULL, 500001643, 'images/image_train/image_500001643_product_100001147.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '5d164fb9b302173fcc6cf89833a955fc', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001184, 32, 'Brillante livraison facile française cm - 40 x 8', '<p>Noir france original blanc noir facile original.</p><p>Attention : ne convient pas aux enfants de moins de 3 ans.</p>', 500001696, 'images/image_train/image_500001696_product_100001184.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '0d52c0923595ecfbdbabfa0c25f1f575', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001221, 33, 'Blanc cadeau idéal tomes qualité - 1 x 39', 'Qualité résistant collection noir idéal qualité noir pratique dessinées moderne adulte livres. Garantie 2 ans, pièces et main-d''œuvre. Livré sous 48 h, emballage soigné.', 500001749, 'images/image_train/image_500001749_product_100001221.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4e5db6a9cb5c65d9e0f1fd8d5dca8bc3', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001258, 34, 'Lot coussin cadeau pour avec - 15 x 39', '<p>Pour léger résistant résistant lot état lot cadeau état housse modèle france cadeau style.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 500001802, 'images/image_train/image_500001802_product_100001258.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'fa79b636c54c9c6589ea9c199bd3391e', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001295, 35, 'Classique sachet qualité sirop - 7 x 20', 'Facile idéal résistant léger état taille état grand qualité.<br />Modèle dit "premium", finition soignée.<br />Livré sous 48 h, emballage soigné.', 500001855, 'images/image_train/image_500001855_product_100001295.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '9e852389fe79a944be743e01127a9263', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001332, 36, 'Peluche haute résistant blanc résistant musical couleur jouet - 72 x 20', 'Cm haute france adulte couleur.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.
Idéal pour offrir à Noël ou pour un anniversaire.', 500001908, 'images/image_train/image_500001908_product_100001332.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '989bbc3fa9e8f5b7da84130db3358c3d', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001369, 37, 'Lot filtre livraison piscine série adulte - 73 x 38', 'Pour grand confort grand léger nouveau. Dimensions : 30 x 20 cm, poids 450 g. Matière douce, facile à nettoyer &amp; durable.', 500001961, 'images/image_train/image_500001961_product_100001369.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4dccbe7570006e49c5efdb87091d4c69', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001406, 38, 'Facile stylo série bleu modèle stylo cadeau - 7 x 18', 'Couleur original idéal état cadeau taille nouveau classeur. Matière douce, facile à nettoyer &amp; durable.', 500002014, 'images/image_train/image_500002014_product_100001406.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4f54608026f18c35204d77633ff42234', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001443, 39, 'Biographie pour nouveau - 11 x 25', NULL, 500002067, 'images/image_train/image_500002067_product_100001443.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'd506259901b4ae82b78d52287ea8cc11', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001480, 40, 'Lecture pour haute édition broché blanc lot lot - 86 x 25', NULL, 500002120, 'images/image_train/image_500002120_product_100001480.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'e3e677b3080f899000463d6720de6b81', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001517, 41, 'Moderne véhicule enfant grand état - 18 x 3', 'Livraison peluche léger idéal haute poupée confort pratique rouge dinosaure léger grand résistant qualité.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Garantie 2 ans, pièces et main-d''œuvre.', 500002173, 'images/image_train/image_500002173_product_100001517.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'b16e8b1448056a6c182a38045fb13d33', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001554, 42, 'Cadeau biberon original bleu sac - 67 x 6', 'Résistant livraison qualité confort blanc classique classique langer classique classique.<br />Livré sous 48 h, emballage soigné.<br />Garantie 2 ans, pièces et main-d''œuvre.', 500002226, 'images/image_train/image_500002226_product_100001554.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '8ea027c4fe5aabc18e5f71c0f0605ae6', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001591, 43, 'Lecture récit livraison nouveau - 34 x 12', 'Couleur cm rouge cadeau pièces léger couleur couleur petit avec. Idéal pour offrir à Noël ou pour un anniversaire. Modèle dit "premium", finition soignée.', 500002279, 'images/image_train/image_500002279_product_100001591.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'c717f70494f66a4330831251396dcdc7', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001628, 44, 'Adulte tondeuse livraison blanc pour perceuse - 31 x 34', NULL, 500002332, 'images/image_train/image_500002332_product_100001628.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'cbe49264aed1f625b116169ad88fec23', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001665, 45, 'Société taille puzzle série - 14 x 2', NULL, 500002385, 'images/image_train/image_500002385_product_100001665.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '0bff23007e1c29eb3feef8e5820a9bc0', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001702, 46, 'Collection bleu livres modèle livres série - 47 x 35', 'Qualité bleu dessinées original tomes volumes volumes mangas série mangas pour léger livraison bandes.<br />Modèle dit "premium", finition soignée.<br />Livré sous 48 h, emballage soigné.', 500002438, 'images/image_train/image_500002438_product_100001702.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'abb4429be8cb88ba5e45460dac1c9fae', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001739, 47, 'Rouge illustré illustré état moderne idéal numéro - 80 x 18', '<p>Lot couleur blanc haute cm livraison.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 500002491, 'images/image_train/image_500002491_product_100001739.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'ebc4fdc05bcf0ec48ed6c7661a14f16f', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001776, 48, 'Adulte numérique bleu numérique simulation - 94 x 35', 'Avec classique confort style numérique.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500002544, 'images/image_train/image_500002544_product_100001776.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '0f95c1daa00ffe265d3c0801b4d078f2', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001813, 49, 'Idéal papier adulte carnet classeur état - 14 x 36', 'Moderne avec encre moderne noir cadeau noir petit.<br />Dimensions : 30 x 20 cm, poids 450 g.<br />Idéal pour offrir à Noël ou pour un anniversaire.', 500002597, 'images/image_train/image_500002597_product_100001813.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '3aae1ba474288eb423d0b56281e0002a', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001850, 50, 'Salon classique pour extérieur - 44 x 31', NULL, 500002650, 'images/image_train/image_500002650_product_100001850.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '7affd5bc8fdf27d9d69d3a4b42d33813', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001887, 51, 'Série décoration style grand petit taille décoration - 23 x 2', 'Canapé décoration rouge idéal blanc original coussin nouveau cm coussin original facile. Modèle dit "premium", finition soignée. Garantie 2 ans, pièces et main-d''œuvre. Matière douce, facile à nettoyer &amp; durable.', 500002703, 'images/image_train/image_500002703_product_100001887.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '60feec23ad0f260c3d83379025621ab6', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001924, 52, 'Musical léger petit nouveau original pièces - 93 x 24', '<p>Facile rouge taille rouge noir classique bleu enfant.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Matière douce, facile à nettoyer &amp; durable.</p>', 500002756, 'images/image_train/image_500002756_product_100001924.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'db74deaf40887adb6bb5f4b05e0aa0b6', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001961, 53, 'Cartes livraison jeu pratique blanc cartes - 42 x 35', 'Société enfant cartes modèle cadeau bleu livraison.<br />Modèle dit "premium", finition soignée.', 500002809, 'images/image_train/image_500002809_product_100001961.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '8cae854d8074e22e5948939d44033194', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100001998, 54, 'Cm biographie idéal - 46 x 34', '<p>Idéal haute classique guide couleur rouge.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p>', 500002862, 'images/image_train/image_500002862_product_100001998.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'ddc77b238f77a1d76f2f9042ec4468b3', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002035, 55, 'Art lot couleur philosophie état guide modèle pièces - 42 x 10', '<p>Adulte idéal bleu idéal adulte avec style biographie adulte.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p>', 500002915, 'images/image_train/image_500002915_product_100002035.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '0a151d2f0f80eade33a6f226e9174cbd', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002072, 56, 'Modèle adulte moteur - 5 x 22', NULL, 500002968, 'images/image_train/image_500002968_product_100002072.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'fee343c2c35c79ffc643d2c6ca97d5fd', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002109, 57, 'Rouge qualité france console jeu avec taille - 99 x 36', '<p>Résistant édition grand japonaise console.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p>', 500003021, 'images/image_train/image_500003021_product_100002109.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '034bf56324f3be4656d91c66b329fb91', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002146, 58, 'Classique peluche série qualité adulte dinosaure rouge - 44 x 21', 'Taille nouveau nouveau léger musical cadeau jouet noir.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Attention : ne convient pas aux enfants de moins de 3 ans.', 500003074, 'images/image_train/image_500003074_product_100002146.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'f51b8112f98030fcecf0dfcbc0d77c29', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002183, 59, 'Volant petit état câble série adaptateur rouge qualité - 66 x 27', NULL, 500003127, 'images/image_train/image_500003127_product_100002183.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '8e56e4e0a7f6bde3a6c6d17843a81364', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002220, 60, 'Idéal jeu édition cadeau - 96 x 27', '<p>Taille grand rouge modèle haute noir haute jeu couleur jeu grand.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p>', 500003180, 'images/image_train/image_500003180_product_100002220.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'e3eabce35323ad4116579fc7d94405a4', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002257, 61, 'Tuyau qualité tondeuse arrosage livraison état - 61 x 5', 'État livraison taille papier lot cahier résistant avec lot pratique classeur. Idéal pour offrir à Noël ou pour un anniversaire.', 500003233, 'images/image_train/image_500003233_product_100002257.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'f6a535626df5e00cc26629a81b98d708', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002294, 62, 'Horloge led état qualité blanc résistant original led - 16 x 28', 'Grand grand confort moderne.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.', 500003286, 'images/image_train/image_500003286_product_100002294.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'aaf2029e131002c1ac81fc815d18d6ba', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002331, 63, 'Avec modèle bandes - 73 x 16', NULL, 500003339, 'images/image_train/image_500003339_product_100002331.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '1d39d8309e55dc00533d377445d37993', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002368, 64, 'Noël haute sticker cadeau adulte - 59 x 9', '<p>Facile état échelle pratique robot.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Modèle dit "premium", finition soignée.</p>', 500003392, 'images/image_train/image_500003392_product_100002368.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4062c8b933620e2d2159a602a62f1441', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002405, 65, 'Avec couleur bleu nouveau moteur noir - 11 x 14', NULL, 500003445, 'images/image_train/image_500003445_product_100002405.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '28889ad260ff90c8be792af0bef6fc40', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002442, 66, 'Étagère classique chaise taille modèle - 29 x 24', NULL, 500003498, 'images/image_train/image_500003498_product_100002442.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '85308eb032ac1c3a12a98a7bd9918b61', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002479, 67, 'Bleu couleur état papier carnet pour noir - 5 x 21', 'Original original idéal grand modèle classeur série. Dimensions : 30 x 20 cm, poids 450 g. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.', 500003551, 'images/image_train/image_500003551_product_100002479.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '243285a342366a069ed5b009e4578a9c', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002516, 68, 'Cartouche modèle console pour - 28 x 17', 'Taille grand version cadeau version petit qualité noir console cartouche.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500003604, 'images/image_train/image_500003604_product_100002516.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '458bf185189cdb3e7ae803c1869e44a0', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002553, 69, 'France nouveau pièces tondeuse lame - 54 x 22', 'Musical enfant série dinosaure léger.<br />Garantie 2 ans, pièces et main-d''œuvre.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Dimensions : 30 x 20 cm, poids 450 g.', 500003657, 'images/image_train/image_500003657_product_100002553.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'f9165cb121bc930ec0deaba05144f804', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002590, 70, 'France noir noir litière taille - 54 x 21', 'Litière noir petit moderne pièces.<br />Modèle dit "premium", finition soignée.', 500003710, 'images/image_train/image_500003710_product_100002590.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '9e25aeca8f4080f3e6fac27d231a748f', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002627, 71, 'Console pour nouveau facile console - 58 x 37', 'Grand modèle état adulte rouge série qualité noir idéal cadeau noir.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500003763, 'images/image_train/image_500003763_product_100002627.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '825a899e6756fdfdc9c24b9869aca203', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002664, 72, 'Dé adulte cadeau miniature pièces - 97 x 40', NULL, 500003816, 'images/image_train/image_500003816_product_100002664.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '4057750c98c71dc40bbf935b4b9acb2d', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002701, 73, 'Taille pour essai bleu taille - 20 x 14', 'Idéal rouge ouvrage nouveau ouvrage adulte grand bleu art résistant facile couleur.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Modèle dit "premium", finition soignée.', 500003869, 'images/image_train/image_500003869_product_100002701.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '06374feb4caed95023178f6394ac24bc', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002738, 74, 'Nouveau tiroir qualité meuble petit - 70 x 9', '<p>Résistant tiroir idéal série cadeau couleur noir petit léger taille original livraison.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p><p>Attention : ne convient pas aux enfants de moins de 3 ans.</p><p>Modèle dit "premium", finition soignée.</p>', 500003922, 'images/image_train/image_500003922_product_100002738.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'af7223cd1c9c3ab735f6c03873990700', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002775, 75, 'Holographique taille taille qualité booster - 73 x 8', NULL, 500003975, 'images/image_train/image_500003975_product_100002775.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '04e1d286e36f54f1fae01f1b3afb69fb', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002812, 76, 'Original camion blanc peluche - 56 x 34', '<p>Original rouge état nouveau série.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Modèle dit "premium", finition soignée.</p>', 500004028, 'images/image_train/image_500004028_product_100002812.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '320172a291d94a51cd63d294b1a7e129', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002849, 77, 'Avec canapé blanc - 90 x 18', '<p>Pièces classique style pièces table livraison cadeau haute modèle modèle pièces bois.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Livré sous 48 h, emballage soigné.</p><p>Modèle dit "premium", finition soignée.</p>', 500004081, 'images/image_train/image_500004081_product_100002849.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', 'b4317532527913301a56c245d7c9a5be', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002886, 78, 'Idéal style couleur fléchettes - 9 x 14', 'Avec rouge rouge chaussettes léger noir modèle. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te. Attention : ne convient pas aux enfants de moins de 3 ans. Dimensions : 30 x 20 cm, poids 450 g.', 500004134, 'images/image_train/image_500004134_product_100002886.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '466d1328770d326040aef0a608a1bf8c', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002923, 79, 'Jouet jouet grand pratique pièces rouge - 74 x 2', NULL, 500004187, 'images/image_train/image_500004187_product_100002923.jpg', NULL, 1, 'INSERT', '2026-11-26 12:11:44.777983+00', '14a40908baa550fce7251fd8c2de5a4c', '2026-11-26 12:11:44.777983+00', '2026-11-26 12:11:44.777983+00', '9999-12-31 00:00:00+00'),
	(100002960, 80, 'Idéal couleur confort collection socle - 6 x 27', '<p>Grand rouge classique adulte grand collection.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p>', 500004240, 'images/image_train/image_500004240_product_100002960.jpg', NULL, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', 'b0a0aaf98c9957a61e46350031eb2615', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100002997, 81, 'Peinture plateau lot lot armée - 9 x 14', NULL, 500004293, 'images/image_train/image_500004293_product_100002997.jpg', NULL, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', 'cfefd3217506e0b24e537954b46b8203', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100003034, 82, 'Confort blanc pour blanc ouvrage - 90 x 16', '<p>Livraison grand art noir pièces guide nouveau rouge histoire bleu nouveau art pratique pratique.</p><p>Modèle dit "premium", finition soignée.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Livré sous 48 h, emballage soigné.</p>', 500004346, 'images/image_train/image_500004346_product_100003034.jpg', NULL, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', 'ac5ba24d577830158e3cf89fb3eae953', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100003071, 83, 'Rideau taille bleu pour - 45 x 39', '<p>Livraison rideau pièces adulte housse léger petit taie motif rideau idéal.</p><p>Livré sous 48 h, emballage soigné.</p>', 500004399, 'images/image_train/image_500004399_product_100003071.jpg', NULL, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', 'bb4d3db5aa9ffa00428540adb58087fa', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100003108, 84, 'Nouveau lot occasion rouge - 34 x 40', 'Qualité idéal complet pack cadeau couleur avec modèle qualité pièces état.
Matière douce, facile à nettoyer &amp; durable.
Modèle dit "premium", finition soignée.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 500004452, 'images/image_train/image_500004452_product_100003108.jpg', NULL, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', 'ee31a8eb5ea098af89b0768c49696961', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100003145, 85, 'Grand bleu cm juin haute - 45 x 31', '<p>Idéal facile haute série haute avec état confort cadeau numéro bleu.</p><p>Modèle dit "premium", finition soignée.</p><p>Livré sous 48 h, emballage soigné.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 500004505, 'images/image_train/image_500004505_product_100003145.jpg', NULL, 2, 'INSERT', '2026-11-26 12:11:56.024333+00', '890417079ea329ffb6eaf22cae705f98', '2026-11-26 12:11:56.024333+00', '2026-11-26 12:11:56.024333+00', '9999-12-31 00:00:00+00'),
	(100003182, 86, 'Grand style collier chien - 82 x 33', NULL, 500004558, 'images/image_train/image_500004558_product_100003182.jpg', NULL, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', '5cab356039320909da30df4e8f9224a0', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00'),
	(100003219, 87, 'Blanc juin france pour modèle moderne - 88 x 16', 'Facile facile nouveau facile bleu qualité classique revue.
L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.
Modèle dit "premium", finition soignée.
Garantie 2 ans, pièces et main-d''œuvre.', 500004611, 'images/image_train/image_500004611_product_100003219.jpg', NULL, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', '16d820b27a4fb80ebce6b9c643e8fcfa', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00'),
	(100003256, 88, 'Bloc bleu feuilles adulte - 40 x 17', NULL, 500004664, 'images/image_train/image_500004664_product_100003256.jpg', NULL, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', 'f9d2730b2023f67f500940423423ea0d', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00'),
	(100003293, 89, 'Résistant niche harnais pratique idéal - 64 x 32', NULL, 500004717, 'images/image_train/image_500004717_product_100003293.jpg', NULL, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', 'bf8c4b1f4bcbd9a320f167ef7be9ac5a', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00'),
	(100003330, 90, 'Modèle grand adulte poussette - 67 x 28', NULL, 500004770, 'images/image_train/image_500004770_product_100003330.jpg', NULL, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', '816d162daa5c2baca8fdb176feb3e763', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00'),
	(100003367, 91, 'Pièces idéal pour cm roman - 60 x 4', NULL, 500004823, 'images/image_train/image_500004823_product_100003367.jpg', NULL, 3, 'INSERT', '2026-11-26 12:12:00.572176+00', '5aebf0a482e625d750c4692ee33234ea', '2026-11-26 12:12:00.572176+00', '2026-11-26 12:12:00.572176+00', '9999-12-31 00:00:00+00');
INSERT INTO marts.training_examples VALUES
	(100000000, 'Hélice couleur drone drone original - 89 x 11', NULL, 'images/image_train/image_500000000_product_100000000.jpg', 1300, 9, 1),
	(100000037, 'Pratique hamac confort coussin petit blanc cadeau - 80 x 2', 'Série adulte salon hamac jardin noir.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Dimensions : 30 x 20 cm, poids 450 g.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 'images/image_train/image_500000053_product_100000037.jpg', 2582, 2, 1),
	(100000074, 'Moderne revue journal magazine léger nouveau - 81 x 35', '<p>Lot pratique modèle illustré classique taille rouge nouveau couleur moderne nouveau résistant.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p>', 'images/image_train/image_500000106_product_100000074.jpg', 2280, 6, 1),
	(100000111, 'Couleur série pêche rouge vélo léger confort vélo - 65 x 13', '<p>Tente leurre pratique original cadeau trampoline arc nouveau confort adulte pièces.</p><p>Livré sous 48 h, emballage soigné.</p>', 'images/image_train/image_500000159_product_100000111.jpg', 1302, 8, 1),
	(100000148, 'État livraison rouge échelle pratique - 26 x 12', 'Idéal petit liner échelle état piscine moderne résistant série.
Garantie 2 ans, pièces et main-d''œuvre.
Dimensions : 30 x 20 cm, poids 450 g.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 'images/image_train/image_500000212_product_100000148.jpg', 2583, 7, 1),
	(100000185, 'Original bébé chaussettes confort classique - 52 x 14', 'Résistant bleu babyfoot moderne adulte. Livré sous 48 h, emballage soigné. Dimensions : 30 x 20 cm, poids 450 g. Matière douce, facile à nettoyer &amp; durable.', 'images/image_train/image_500000265_product_100000185.jpg', 1301, 2, 1),
	(100000222, 'Couleur état adulte jeu famille - 15 x 40', NULL, 'images/image_train/image_500000318_product_100000222.jpg', 1281, 5, 1),
	(100000259, 'Héros figurine nouveau petit france - 67 x 37', 'Taille facile héros modèle léger. Garantie 2 ans, pièces et main-d''œuvre.', 'images/image_train/image_500000371_product_100000259.jpg', 1140, 1, 1),
	(100000296, 'Mini noire modèle pratique - 77 x 20', 'Livraison noir pièces haute idéal portable léger modèle. Matière douce, facile à nettoyer &amp; durable. Garantie 2 ans, pièces et main-d''œuvre. Modèle dit "premium", finition soignée.', 'images/image_train/image_500000424_product_100000296.jpg', 60, 2, 1),
	(100000333, 'Qualité pratique baby-foot classique fléchettes babyfoot cadeau - 19 x 16', 'Filtre petit chlore style bleu.<br />Idéal pour offrir à Noël ou pour un anniversaire.', 'images/image_train/image_500000477_product_100000333.jpg', 2583, 4, 1),
	(100000370, 'Confort blanc état batterie résistant avec télécommandé - 65 x 40', '<p>Noir série cadeau modèle taille léger nouveau qualité.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Livré sous 48 h, emballage soigné.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 'images/image_train/image_500000530_product_100000370.jpg', 1300, 7, 1),
	(100000407, 'Café qualité couleur qualité café - 62 x 31', 'Rouge idéal confort biscuit sachet facile couleur léger nouveau. Neuf, jamais utilisé. Prix &lt; 20 &euro;. Garantie 2 ans, pièces et main-d''œuvre.', 'images/image_train/image_500000583_product_100000407.jpg', 1940, 8, 1),
	(100000444, 'Pratique noir bâche état robot filtre - 88 x 30', NULL, 'images/image_train/image_500000636_product_100000444.jpg', 2583, 8, 1),
	(100000481, 'Meuble idéal modèle - 37 x 10', NULL, 'images/image_train/image_500000689_product_100000481.jpg', 1560, 6, 1),
	(100000518, 'Cm drone hélice pièces pièces taille pratique - 94 x 34', NULL, 'images/image_train/image_500000742_product_100000518.jpg', 1300, 7, 1),
	(100000555, 'Confort résistant revue état hebdomadaire bleu état - 37 x 2', NULL, 'images/image_train/image_500000795_product_100000555.jpg', 2280, 7, 1),
	(100000592, 'Qualité qualité taille qualité confort holographique édition carte - 32 x 15', 'Bleu pour rouge facile bleu tonnelle état résistant parasol couleur salon léger.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Livré sous 48 h, emballage soigné.<br />Garantie 2 ans, pièces et main-d''œuvre.', 'images/image_train/image_500000848_product_100000592.jpg', 2582, 6, 1),
	(100000629, 'Original lin lin original canapé - 82 x 25', 'Nouveau avec noir cm sticker blanc led taille léger. Livré sous 48 h, emballage soigné.', 'images/image_train/image_500000901_product_100000629.jpg', 2060, 2, 1),
	(100000666, 'Rouge confiture grand grand - 57 x 12', '<p>Rideau léger blanc pratique facile livraison qualité moderne classique rouge.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Modèle dit "premium", finition soignée.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p>', 'images/image_train/image_500000954_product_100000666.jpg', 1920, 5, 1),
	(100000703, 'Pièces peinte porte-clés classique facile lot - 78 x 11', '<p>Sac classique facile sac idéal couleur original biberon cadeau.</p><p>Livré sous 48 h, emballage soigné.</p>', 'images/image_train/image_500001007_product_100000703.jpg', 1320, 3, 1),
	(100000740, 'Livraison scie série - 62 x 30', NULL, 'images/image_train/image_500001060_product_100000740.jpg', 2585, 2, 1),
	(100000777, 'Édition facile lot cartouche import rouge idéal pratique - 52 x 5', 'Haute import import cartouche haute série idéal résistant japonaise pour style.
Modèle dit "premium", finition soignée.
Dimensions : 30 x 20 cm, poids 450 g.
Matière douce, facile à nettoyer &amp; durable.', 'images/image_train/image_500001113_product_100000777.jpg', 40, 4, 1),
	(100000814, 'Matelas série classique bleu - 72 x 6', NULL, 'images/image_train/image_500001166_product_100000814.jpg', 1560, 8, 1),
	(100000851, 'Taie léger coussin pour noir style blanc taie - 5 x 30', 'Canapé housse adulte avec léger.
Garantie 2 ans, pièces et main-d''œuvre.
Matière douce, facile à nettoyer &amp; durable.', 'images/image_train/image_500001219_product_100000851.jpg', 1920, 3, 1),
	(100000888, 'Léger bâche série parasol bâche - 34 x 22', NULL, 'images/image_train/image_500001272_product_100000888.jpg', 2582, 2, 1),
	(100000925, 'Bleu table style bois confort série - 74 x 13', 'Adulte série pièces pratique chaise taille léger canapé livraison petit bleu bois. Neuf, jamais utilisé. Prix &lt; 20 &euro;. Modèle dit "premium", finition soignée.', 'images/image_train/image_500001325_product_100000925.jpg', 1560, 9, 1),
	(100000962, 'Taille petit leurre arc tente - 37 x 24', NULL, 'images/image_train/image_500001378_product_100000962.jpg', 1302, 8, 1),
	(100000999, 'Pratique rare original - 40 x 25', 'Facile carte nouveau livraison édition petit cadeau française original noir cadeau rouge taille rare.
Matière douce, facile à nettoyer &amp; durable.
Garantie 2 ans, pièces et main-d''œuvre.
Dimensions : 30 x 20 cm, poids 450 g.', 'images/image_train/image_500001431_product_100000999.jpg', 1160, 0, 1),
	(100001036, 'Style étagère résistant adulte étagère moderne modèle - 68 x 34', 'Blanc meuble france moderne. Garantie 2 ans, pièces et main-d''œuvre. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te. Attention : ne convient pas aux enfants de moins de 3 ans.', 'images/image_train/image_500001484_product_100001036.jpg', 1560, 4, 1),
	(100001073, 'Stylo noir adulte moderne cadeau grand - 31 x 5', '<p>Grand pratique cadeau encre taille avec feuilles papier original feuilles moderne cadeau pour blanc.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Livré sous 48 h, emballage soigné.</p><p>Matière douce, facile à nettoyer &amp; durable.</p>', 'images/image_train/image_500001537_product_100001073.jpg', 2522, 0, 1),
	(100001110, 'Grand robot spa pour cadeau idéal - 61 x 14', NULL, 'images/image_train/image_500001590_product_100001110.jpg', 2583, 2, 1),
	(100001147, 'Classique robot liner série léger pompe nouveau - 84 x 7', NULL, 'images/image_train/image_500001643_product_100001147.jpg', 2583, 3, 1),
	(100001184, 'Brillante livraison facile française cm - 40 x 8', '<p>Noir france original blanc noir facile original.</p><p>Attention : ne convient pas aux enfants de moins de 3 ans.</p>', 'images/image_train/image_500001696_product_100001184.jpg', 1160, 8, 1),
	(100001221, 'Blanc cadeau idéal tomes qualité - 1 x 39', 'Qualité résistant collection noir idéal qualité noir pratique dessinées moderne adulte livres. Garantie 2 ans, pièces et main-d''œuvre. Livré sous 48 h, emballage soigné.', 'images/image_train/image_500001749_product_100001221.jpg', 2403, 2, 1),
	(100001258, 'Lot coussin cadeau pour avec - 15 x 39', '<p>Pour léger résistant résistant lot état lot cadeau état housse modèle france cadeau style.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 'images/image_train/image_500001802_product_100001258.jpg', 1920, 3, 1),
	(100001295, 'Classique sachet qualité sirop - 7 x 20', 'Facile idéal résistant léger état taille état grand qualité.<br />Modèle dit "premium", finition soignée.<br />Livré sous 48 h, emballage soigné.', 'images/image_train/image_500001855_product_100001295.jpg', 1281, 4, 1),
	(100001332, 'Peluche haute résistant blanc résistant musical couleur jouet - 72 x 20', 'Cm haute france adulte couleur.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.
Idéal pour offrir à Noël ou pour un anniversaire.', 'images/image_train/image_500001908_product_100001332.jpg', 1280, 2, 1),
	(100001369, 'Lot filtre livraison piscine série adulte - 73 x 38', 'Pour grand confort grand léger nouveau. Dimensions : 30 x 20 cm, poids 450 g. Matière douce, facile à nettoyer &amp; durable.', 'images/image_train/image_500001961_product_100001369.jpg', 2583, 3, 1),
	(100001406, 'Facile stylo série bleu modèle stylo cadeau - 7 x 18', 'Couleur original idéal état cadeau taille nouveau classeur. Matière douce, facile à nettoyer &amp; durable.', 'images/image_train/image_500002014_product_100001406.jpg', 2522, 7, 1),
	(100001443, 'Biographie pour nouveau - 11 x 25', NULL, 'images/image_train/image_500002067_product_100001443.jpg', 2705, 0, 1),
	(100001480, 'Lecture pour haute édition broché blanc lot lot - 86 x 25', NULL, 'images/image_train/image_500002120_product_100001480.jpg', 10, 3, 1),
	(100001517, 'Moderne véhicule enfant grand état - 18 x 3', 'Livraison peluche léger idéal haute poupée confort pratique rouge dinosaure léger grand résistant qualité.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Garantie 2 ans, pièces et main-d''œuvre.', 'images/image_train/image_500002173_product_100001517.jpg', 1280, 2, 1),
	(100001554, 'Cadeau biberon original bleu sac - 67 x 6', 'Résistant livraison qualité confort blanc classique classique langer classique classique.<br />Livré sous 48 h, emballage soigné.<br />Garantie 2 ans, pièces et main-d''œuvre.', 'images/image_train/image_500002226_product_100001554.jpg', 1320, 4, 1),
	(100001591, 'Lecture récit livraison nouveau - 34 x 12', 'Couleur cm rouge cadeau pièces léger couleur couleur petit avec. Idéal pour offrir à Noël ou pour un anniversaire. Modèle dit "premium", finition soignée.', 'images/image_train/image_500002279_product_100001591.jpg', 10, 0, 1),
	(100001628, 'Adulte tondeuse livraison blanc pour perceuse - 31 x 34', NULL, 'images/image_train/image_500002332_product_100001628.jpg', 2585, 3, 1),
	(100001665, 'Société taille puzzle série - 14 x 2', NULL, 'images/image_train/image_500002385_product_100001665.jpg', 1281, 4, 1),
	(100001702, 'Collection bleu livres modèle livres série - 47 x 35', 'Qualité bleu dessinées original tomes volumes volumes mangas série mangas pour léger livraison bandes.<br />Modèle dit "premium", finition soignée.<br />Livré sous 48 h, emballage soigné.', 'images/image_train/image_500002438_product_100001702.jpg', 2403, 7, 1),
	(100001739, 'Rouge illustré illustré état moderne idéal numéro - 80 x 18', '<p>Lot couleur blanc haute cm livraison.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 'images/image_train/image_500002491_product_100001739.jpg', 2280, 9, 1),
	(100001776, 'Adulte numérique bleu numérique simulation - 94 x 35', 'Avec classique confort style numérique.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 'images/image_train/image_500002544_product_100001776.jpg', 2905, 1, 1),
	(100001813, 'Idéal papier adulte carnet classeur état - 14 x 36', 'Moderne avec encre moderne noir cadeau noir petit.<br />Dimensions : 30 x 20 cm, poids 450 g.<br />Idéal pour offrir à Noël ou pour un anniversaire.', 'images/image_train/image_500002597_product_100001813.jpg', 2522, 5, 1),
	(100001850, 'Salon classique pour extérieur - 44 x 31', NULL, 'images/image_train/image_500002650_product_100001850.jpg', 2582, 2, 1),
	(100001887, 'Série décoration style grand petit taille décoration - 23 x 2', 'Canapé décoration rouge idéal blanc original coussin nouveau cm coussin original facile. Modèle dit "premium", finition soignée. Garantie 2 ans, pièces et main-d''œuvre. Matière douce, facile à nettoyer &amp; durable.', 'images/image_train/image_500002703_product_100001887.jpg', 1920, 9, 1),
	(100001924, 'Musical léger petit nouveau original pièces - 93 x 24', '<p>Facile rouge taille rouge noir classique bleu enfant.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Matière douce, facile à nettoyer &amp; durable.</p>', 'images/image_train/image_500002756_product_100001924.jpg', 1280, 4, 1),
	(100001961, 'Cartes livraison jeu pratique blanc cartes - 42 x 35', 'Société enfant cartes modèle cadeau bleu livraison.<br />Modèle dit "premium", finition soignée.', 'images/image_train/image_500002809_product_100001961.jpg', 1281, 5, 1),
	(100001998, 'Cm biographie idéal - 46 x 34', '<p>Idéal haute classique guide couleur rouge.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p>', 'images/image_train/image_500002862_product_100001998.jpg', 2705, 4, 1),
	(100002035, 'Art lot couleur philosophie état guide modèle pièces - 42 x 10', '<p>Adulte idéal bleu idéal adulte avec style biographie adulte.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p>', 'images/image_train/image_500002915_product_100002035.jpg', 2705, 7, 1),
	(100002072, 'Modèle adulte moteur - 5 x 22', NULL, 'images/image_train/image_500002968_product_100002072.jpg', 1300, 5, 1),
	(100002109, 'Rouge qualité france console jeu avec taille - 99 x 36', '<p>Résistant édition grand japonaise console.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p>', 'images/image_train/image_500003021_product_100002109.jpg', 40, 5, 1),
	(100002146, 'Classique peluche série qualité adulte dinosaure rouge - 44 x 21', 'Taille nouveau nouveau léger musical cadeau jouet noir.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Attention : ne convient pas aux enfants de moins de 3 ans.', 'images/image_train/image_500003074_product_100002146.jpg', 1280, 2, 1),
	(100002183, 'Volant petit état câble série adaptateur rouge qualité - 66 x 27', NULL, 'images/image_train/image_500003127_product_100002183.jpg', 2705, 4, 1),
	(100002220, 'Idéal jeu édition cadeau - 96 x 27', '<p>Taille grand rouge modèle haute noir haute jeu couleur jeu grand.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p>', 'images/image_train/image_500003180_product_100002220.jpg', 40, 7, 1),
	(100002257, 'Tuyau qualité tondeuse arrosage livraison état - 61 x 5', 'État livraison taille papier lot cahier résistant avec lot pratique classeur. Idéal pour offrir à Noël ou pour un anniversaire.', 'images/image_train/image_500003233_product_100002257.jpg', 2522, 2, 1),
	(100002294, 'Horloge led état qualité blanc résistant original led - 16 x 28', 'Grand grand confort moderne.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.', 'images/image_train/image_500003286_product_100002294.jpg', 2060, 7, 1),
	(100002331, 'Avec modèle bandes - 73 x 16', NULL, 'images/image_train/image_500003339_product_100002331.jpg', 2403, 8, 1),
	(100002368, 'Noël haute sticker cadeau adulte - 59 x 9', '<p>Facile état échelle pratique robot.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Modèle dit "premium", finition soignée.</p>', 'images/image_train/image_500003392_product_100002368.jpg', 2583, 7, 1),
	(100002405, 'Avec couleur bleu nouveau moteur noir - 11 x 14', NULL, 'images/image_train/image_500003445_product_100002405.jpg', 1300, 1, 1),
	(100002442, 'Étagère classique chaise taille modèle - 29 x 24', NULL, 'images/image_train/image_500003498_product_100002442.jpg', 2583, 4, 1),
	(100002479, 'Bleu couleur état papier carnet pour noir - 5 x 21', 'Original original idéal grand modèle classeur série. Dimensions : 30 x 20 cm, poids 450 g. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.', 'images/image_train/image_500003551_product_100002479.jpg', 2522, 6, 1),
	(100002516, 'Cartouche modèle console pour - 28 x 17', 'Taille grand version cadeau version petit qualité noir console cartouche.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 'images/image_train/image_500003604_product_100002516.jpg', 40, 2, 1),
	(100002553, 'France nouveau pièces tondeuse lame - 54 x 22', 'Musical enfant série dinosaure léger.<br />Garantie 2 ans, pièces et main-d''œuvre.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Dimensions : 30 x 20 cm, poids 450 g.', 'images/image_train/image_500003657_product_100002553.jpg', 1280, 0, 1),
	(100002590, 'France noir noir litière taille - 54 x 21', 'Litière noir petit moderne pièces.<br />Modèle dit "premium", finition soignée.', 'images/image_train/image_500003710_product_100002590.jpg', 2220, 6, 1),
	(100002627, 'Console pour nouveau facile console - 58 x 37', 'Grand modèle état adulte rouge série qualité noir idéal cadeau noir.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 'images/image_train/image_500003763_product_100002627.jpg', 50, 9, 1),
	(100002664, 'Dé adulte cadeau miniature pièces - 97 x 40', NULL, 'images/image_train/image_500003816_product_100002664.jpg', 1180, 3, 1),
	(100002701, 'Taille pour essai bleu taille - 20 x 14', 'Idéal rouge ouvrage nouveau ouvrage adulte grand bleu art résistant facile couleur.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Modèle dit "premium", finition soignée.', 'images/image_train/image_500003869_product_100002701.jpg', 2705, 0, 1),
	(100002738, 'Nouveau tiroir qualité meuble petit - 70 x 9', '<p>Résistant tiroir idéal série cadeau couleur noir petit léger taille original livraison.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p><p>Attention : ne convient pas aux enfants de moins de 3 ans.</p><p>Modèle dit "premium", finition soignée.</p>', 'images/image_train/image_500003922_product_100002738.jpg', 1560, 3, 1),
	(100002775, 'Holographique taille taille qualité booster - 73 x 8', NULL, 'images/image_train/image_500003975_product_100002775.jpg', 1160, 9, 1),
	(100002812, 'Original camion blanc peluche - 56 x 34', '<p>Original rouge état nouveau série.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Modèle dit "premium", finition soignée.</p>', 'images/image_train/image_500004028_product_100002812.jpg', 1280, 4, 1),
	(100002849, 'Avec canapé blanc - 90 x 18', '<p>Pièces classique style pièces table livraison cadeau haute modèle modèle pièces bois.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Livré sous 48 h, emballage soigné.</p><p>Modèle dit "premium", finition soignée.</p>', 'images/image_train/image_500004081_product_100002849.jpg', 1560, 9, 1),
	(100002886, 'Idéal style couleur fléchettes - 9 x 14', 'Avec rouge rouge chaussettes léger noir modèle. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te. Attention : ne convient pas aux enfants de moins de 3 ans. Dimensions : 30 x 20 cm, poids 450 g.', 'images/image_train/image_500004134_product_100002886.jpg', 1301, 6, 1),
	(100002923, 'Jouet jouet grand pratique pièces rouge - 74 x 2', NULL, 'images/image_train/image_500004187_product_100002923.jpg', 1280, 8, 1),
	(100002960, 'Idéal couleur confort collection socle - 6 x 27', '<p>Grand rouge classique adulte grand collection.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p>', 'images/image_train/image_500004240_product_100002960.jpg', 1140, 8, 2),
	(100002997, 'Peinture plateau lot lot armée - 9 x 14', NULL, 'images/image_train/image_500004293_product_100002997.jpg', 1180, 2, 2),
	(100003034, 'Confort blanc pour blanc ouvrage - 90 x 16', '<p>Livraison grand art noir pièces guide nouveau rouge histoire bleu nouveau art pratique pratique.</p><p>Modèle dit "premium", finition soignée.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Livré sous 48 h, emballage soigné.</p>', 'images/image_train/image_500004346_product_100003034.jpg', 2705, 3, 2),
	(100003071, 'Rideau taille bleu pour - 45 x 39', '<p>Livraison rideau pièces adulte housse léger petit taie motif rideau idéal.</p><p>Livré sous 48 h, emballage soigné.</p>', 'images/image_train/image_500004399_product_100003071.jpg', 1920, 2, 2),
	(100003108, 'Nouveau lot occasion rouge - 34 x 40', 'Qualité idéal complet pack cadeau couleur avec modèle qualité pièces état.
Matière douce, facile à nettoyer &amp; durable.
Modèle dit "premium", finition soignée.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 'images/image_train/image_500004452_product_100003108.jpg', 2462, 3, 2),
	(100003145, 'Grand bleu cm juin haute - 45 x 31', '<p>Idéal facile haute série haute avec état confort cadeau numéro bleu.</p><p>Modèle dit "premium", finition soignée.</p><p>Livré sous 48 h, emballage soigné.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 'images/image_train/image_500004505_product_100003145.jpg', 2280, 8, 2),
	(100003182, 'Grand style collier chien - 82 x 33', NULL, 'images/image_train/image_500004558_product_100003182.jpg', 2585, 8, 3),
	(100003219, 'Blanc juin france pour modèle moderne - 88 x 16', 'Facile facile nouveau facile bleu qualité classique revue.
L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.
Modèle dit "premium", finition soignée.
Garantie 2 ans, pièces et main-d''œuvre.', 'images/image_train/image_500004611_product_100003219.jpg', 2280, 1, 3),
	(100003256, 'Bloc bleu feuilles adulte - 40 x 17', NULL, 'images/image_train/image_500004664_product_100003256.jpg', 2522, 7, 3),
	(100003293, 'Résistant niche harnais pratique idéal - 64 x 32', NULL, 'images/image_train/image_500004717_product_100003293.jpg', 2220, 9, 3),
	(100003330, 'Modèle grand adulte poussette - 67 x 28', NULL, 'images/image_train/image_500004770_product_100003330.jpg', 1320, 7, 3),
	(100003367, 'Pièces idéal pour cm roman - 60 x 4', NULL, 'images/image_train/image_500004823_product_100003367.jpg', 10, 7, 3);
INSERT INTO raw.data_loads VALUES
	(1, 'week_1', 40.00, 80, '2026-11-26 12:11:44.77114+00', '2026-11-26 12:11:44.777983+00', 'completed', '{"order": {"kind": "file", "seed": 42}, "source": "files", "x_train": {"end": 15348, "name": "X_train.csv", "first": 0, "state": null, "sha256": "c50e200fd7fc4e5f409855e41ac0e8c86b9d25f27f630780954e8c132af8d980", "records": 200}, "y_train": {"end": 627, "name": "Y_train.csv", "first": 0, "state": null, "sha256": "18e7ae35dc43253b9890d8b5a5383c54e6e97d65e935c5b081bd767deb81208c", "records": 200}}'),
	(2, 'week_2', 43.00, 86, '2026-11-26 12:11:56.020521+00', '2026-11-26 12:11:56.024333+00', 'completed', '{"order": {"kind": "file", "seed": 42}, "source": "files", "x_train": {"end": 16790, "name": "X_train.csv", "first": 80, "state": [65024, 3107383, 36929, 1795695103867861494, 1795695103867861494], "sha256": "b3000f90d55b7cd670479441f06d35313cc95708d9fb71d6f2db03ac5fc3a1a7", "records": 200}, "y_train": {"end": 675, "name": "Y_train.csv", "first": 80, "state": [65024, 3107385, 1653, 1795695103869699896, 1795695103869699896], "sha256": "c76062c2ca59e5fd5ccf5c003f2159398f43e969c8ffbab1b90d8c63f9479159", "records": 200}}'),
	(3, 'week_3', 46.00, 92, '2026-11-26 12:12:00.560406+00', '2026-11-26 12:12:00.572176+00', 'completed', '{"order": {"kind": "file", "seed": 42}, "source": "files", "x_train": {"end": 17396, "name": "X_train.csv", "first": 86, "state": [65024, 3107383, 36929, 1795695103867861494, 1795695103867861494], "sha256": "c46267668d746fc8d69640a172f0b61bc729f0725492bd9777f24737d10bcfb4", "records": 200}, "y_train": {"end": 721, "name": "Y_train.csv", "first": 86, "state": [65024, 3107385, 1653, 1795695103869699896, 1795695103869699896], "sha256": "2d0bc49c65784316f80fbfd9b8256d7a4dd13ddc8238cc7d4a4adf15b050d288", "records": 200}}'),
	(4, 'week_4', 49.00, 98, '2026-11-26 12:12:05.243887+00', '2026-11-26 12:12:05.25645+00', 'completed', '{"order": {"kind": "file", "seed": 42}, "source": "files", "x_train": {"end": 18278, "name": "X_train.csv", "first": 92, "state": [65024, 3107383, 36929, 1795695103867861494, 1795695103867861494], "sha256": "2931990a4a3fc4a7862031de55476e62b96eac71d4640c204bc24bde597dc1b0", "records": 200}, "y_train": {"end": 767, "name": "Y_train.csv", "first": 92, "state": [65024, 3107385, 1653, 1795695103869699896, 1795695103869699896], "sha256": "080dfe884ffa53151866c5d747a932470f93523c04af2649d8798f690dd3541d", "records": 200}}');
INSERT INTO raw.x_train VALUES
	(0, 'Hélice couleur drone drone original - 89 x 11', NULL, 100000000, 500000000, 1, false),
	(1, 'Pratique hamac confort coussin petit blanc cadeau - 80 x 2', 'Série adulte salon hamac jardin noir.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Dimensions : 30 x 20 cm, poids 450 g.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 100000037, 500000053, 1, false),
	(2, 'Moderne revue journal magazine léger nouveau - 81 x 35', '<p>Lot pratique modèle illustré classique taille rouge nouveau couleur moderne nouveau résistant.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p>', 100000074, 500000106, 1, false),
	(3, 'Couleur série pêche rouge vélo léger confort vélo - 65 x 13', '<p>Tente leurre pratique original cadeau trampoline arc nouveau confort adulte pièces.</p><p>Livré sous 48 h, emballage soigné.</p>', 100000111, 500000159, 1, false),
	(4, 'État livraison rouge échelle pratique - 26 x 12', 'Idéal petit liner échelle état piscine moderne résistant série.
Garantie 2 ans, pièces et main-d''œuvre.
Dimensions : 30 x 20 cm, poids 450 g.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 100000148, 500000212, 1, false),
	(5, 'Original bébé chaussettes confort classique - 52 x 14', 'Résistant bleu babyfoot moderne adulte. Livré sous 48 h, emballage soigné. Dimensions : 30 x 20 cm, poids 450 g. Matière douce, facile à nettoyer &amp; durable.', 100000185, 500000265, 1, false),
	(6, 'Couleur état adulte jeu famille - 15 x 40', NULL, 100000222, 500000318, 1, false),
	(7, 'Héros figurine nouveau petit france - 67 x 37', 'Taille facile héros modèle léger. Garantie 2 ans, pièces et main-d''œuvre.', 100000259, 500000371, 1, false),
	(8, 'Mini noire modèle pratique - 77 x 20', 'Livraison noir pièces haute idéal portable léger modèle. Matière douce, facile à nettoyer &amp; durable. Garantie 2 ans, pièces et main-d''œuvre. Modèle dit "premium", finition soignée.', 100000296, 500000424, 1, false),
	(9, 'Qualité pratique baby-foot classique fléchettes babyfoot cadeau - 19 x 16', 'Filtre petit chlore style bleu.<br />Idéal pour offrir à Noël ou pour un anniversaire.', 100000333, 500000477, 1, false),
	(10, 'Confort blanc état batterie résistant avec télécommandé - 65 x 40', '<p>Noir série cadeau modèle taille léger nouveau qualité.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Livré sous 48 h, emballage soigné.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 100000370, 500000530, 1, false),
	(11, 'Café qualité couleur qualité café - 62 x 31', 'Rouge idéal confort biscuit sachet facile couleur léger nouveau. Neuf, jamais utilisé. Prix &lt; 20 &euro;. Garantie 2 ans, pièces et main-d''œuvre.', 100000407, 500000583, 1, false),
	(12, 'Pratique noir bâche état robot filtre - 88 x 30', NULL, 100000444, 500000636, 1, false),
	(13, 'Meuble idéal modèle - 37 x 10', NULL, 100000481, 500000689, 1, false),
	(14, 'Cm drone hélice pièces pièces taille pratique - 94 x 34', NULL, 100000518, 500000742, 1, false),
	(15, 'Confort résistant revue état hebdomadaire bleu état - 37 x 2', NULL, 100000555, 500000795, 1, false),
	(16, 'Qualité qualité taille qualité confort holographique édition carte - 32 x 15', 'Bleu pour rouge facile bleu tonnelle état résistant parasol couleur salon léger.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Livré sous 48 h, emballage soigné.<br />Garantie 2 ans, pièces et main-d''œuvre.', 100000592, 500000848, 1, false),
	(17, 'Original lin lin original canapé - 82 x 25', 'Nouveau avec noir cm sticker blanc led taille léger. Livré sous 48 h, emballage soigné.', 100000629, 500000901, 1, false),
	(18, 'Rouge confiture grand grand - 57 x 12', '<p>Rideau léger blanc pratique facile livraison qualité moderne classique rouge.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Modèle dit "premium", finition soignée.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p>', 100000666, 500000954, 1, false),
	(19, 'Pièces peinte porte-clés classique facile lot - 78 x 11', '<p>Sac classique facile sac idéal couleur original biberon cadeau.</p><p>Livré sous 48 h, emballage soigné.</p>', 100000703, 500001007, 1, false),
	(20, 'Livraison scie série - 62 x 30', NULL, 100000740, 500001060, 1, false),
	(21, 'Édition facile lot cartouche import rouge idéal pratique - 52 x 5', 'Haute import import cartouche haute série idéal résistant japonaise pour style.
Modèle dit "premium", finition soignée.
Dimensions : 30 x 20 cm, poids 450 g.
Matière douce, facile à nettoyer &amp; durable.', 100000777, 500001113, 1, false),
	(22, 'Matelas série classique bleu - 72 x 6', NULL, 100000814, 500001166, 1, false),
	(23, 'Taie léger coussin pour noir style blanc taie - 5 x 30', 'Canapé housse adulte avec léger.
Garantie 2 ans, pièces et main-d''œuvre.
Matière douce, facile à nettoyer &amp; durable.', 100000851, 500001219, 1, false),
	(24, 'Léger bâche série parasol bâche - 34 x 22', NULL, 100000888, 500001272, 1, false),
	(25, 'Bleu table style bois confort série - 74 x 13', 'Adulte série pièces pratique chaise taille léger canapé livraison petit bleu bois. Neuf, jamais utilisé. Prix &lt; 20 &euro;. Modèle dit "premium", finition soignée.', 100000925, 500001325, 1, false),
	(26, 'Taille petit leurre arc tente - 37 x 24', NULL, 100000962, 500001378, 1, false),
	(27, 'Pratique rare original - 40 x 25', 'Facile carte nouveau livraison édition petit cadeau française original noir cadeau rouge taille rare.
Matière douce, facile à nettoyer &amp; durable.
Garantie 2 ans, pièces et main-d''œuvre.
Dimensions : 30 x 20 cm, poids 450 g.', 100000999, 500001431, 1, false),
	(28, 'Style étagère résistant adulte étagère moderne modèle - 68 x 34', 'Blanc meuble france moderne. Garantie 2 ans, pièces et main-d''œuvre. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te. Attention : ne convient pas aux enfants de moins de 3 ans.', 100001036, 500001484, 1, false),
	(29, 'Stylo noir adulte moderne cadeau grand - 31 x 5', '<p>Grand pratique cadeau encre taille avec feuilles papier original feuilles moderne cadeau pour blanc.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Livré sous 48 h, emballage soigné.</p><p>Matière douce, facile à nettoyer &amp; durable.</p>', 100001073, 500001537, 1, false),
	(30, 'Grand robot spa pour cadeau idéal - 61 x 14', NULL, 100001110, 500001590, 1, false),
	(31, 'Classique robot liner série léger pompe nouveau - 84 x 7', NULL, 100001147, 500001643, 1, false),
	(32, 'Brillante livraison facile française cm - 40 x 8', '<p>Noir france original blanc noir facile original.</p><p>Attention : ne convient pas aux enfants de moins de 3 ans.</p>', 100001184, 500001696, 1, false),
	(33, 'Blanc cadeau idéal tomes qualité - 1 x 39', 'Qualité résistant collection noir idéal qualité noir pratique dessinées moderne adulte livres. Garantie 2 ans, pièces et main-d''œuvre. Livré sous 48 h, emballage soigné.', 100001221, 500001749, 1, false),
	(34, 'Lot coussin cadeau pour avec - 15 x 39', '<p>Pour léger résistant résistant lot état lot cadeau état housse modèle france cadeau style.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 100001258, 500001802, 1, false),
	(35, 'Classique sachet qualité sirop - 7 x 20', 'Facile idéal résistant léger état taille état grand qualité.<br />Modèle dit "premium", finition soignée.<br />Livré sous 48 h, emballage soigné.', 100001295, 500001855, 1, false),
	(36, 'Peluche haute résistant blanc résistant musical couleur jouet - 72 x 20', 'Cm haute france adulte couleur.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.
Idéal pour offrir à Noël ou pour un anniversaire.', 100001332, 500001908, 1, false),
	(37, 'Lot filtre livraison piscine série adulte - 73 x 38', 'Pour grand confort grand léger nouveau. Dimensions : 30 x 20 cm, poids 450 g. Matière douce, facile à nettoyer &amp; durable.', 100001369, 500001961, 1, false),
	(38, 'Facile stylo série bleu modèle stylo cadeau - 7 x 18', 'Couleur original idéal état cadeau taille nouveau classeur. Matière douce, facile à nettoyer &amp; durable.', 100001406, 500002014, 1, false),
	(39, 'Biographie pour nouveau - 11 x 25', NULL, 100001443, 500002067, 1, false),
	(40, 'Lecture pour haute édition broché blanc lot lot - 86 x 25', NULL, 100001480, 500002120, 1, false),
	(41, 'Moderne véhicule enfant grand état - 18 x 3', 'Livraison peluche léger idéal haute poupée confort pratique rouge dinosaure léger grand résistant qualité.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Garantie 2 ans, pièces et main-d''œuvre.', 100001517, 500002173, 1, false),
	(42, 'Cadeau biberon original bleu sac - 67 x 6', 'Résistant livraison qualité confort blanc classique classique langer classique classique.<br />Livré sous 48 h, emballage soigné.<br />Garantie 2 ans, pièces et main-d''œuvre.', 100001554, 500002226, 1, false),
	(43, 'Lecture récit livraison nouveau - 34 x 12', 'Couleur cm rouge cadeau pièces léger couleur couleur petit avec. Idéal pour offrir à Noël ou pour un anniversaire. Modèle dit "premium", finition soignée.', 100001591, 500002279, 1, false),
	(44, 'Adulte tondeuse livraison blanc pour perceuse - 31 x 34', NULL, 100001628, 500002332, 1, false),
	(45, 'Société taille puzzle série - 14 x 2', NULL, 100001665, 500002385, 1, false),
	(46, 'Collection bleu livres modèle livres série - 47 x 35', 'Qualité bleu dessinées original tomes volumes volumes mangas série mangas pour léger livraison bandes.<br />Modèle dit "premium", finition soignée.<br />Livré sous 48 h, emballage soigné.', 100001702, 500002438, 1, false),
	(47, 'Rouge illustré illustré état moderne idéal numéro - 80 x 18', '<p>Lot couleur blanc haute cm livraison.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 100001739, 500002491, 1, false),
	(48, 'Adulte numérique bleu numérique simulation - 94 x 35', 'Avec classique confort style numérique.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 100001776, 500002544, 1, false),
	(49, 'Idéal papier adulte carnet classeur état - 14 x 36', 'Moderne avec encre moderne noir cadeau noir petit.<br />Dimensions : 30 x 20 cm, poids 450 g.<br />Idéal pour offrir à Noël ou pour un anniversaire.', 100001813, 500002597, 1, false),
	(50, 'Salon classique pour extérieur - 44 x 31', NULL, 100001850, 500002650, 1, false),
	(51, 'Série décoration style grand petit taille décoration - 23 x 2', 'Canapé décoration rouge idéal blanc original coussin nouveau cm coussin original facile. Modèle dit "premium", finition soignée. Garantie 2 ans, pièces et main-d''œuvre. Matière douce, facile à nettoyer &amp; durable.', 100001887, 500002703, 1, false),
	(52, 'Musical léger petit nouveau original pièces - 93 x 24', '<p>Facile rouge taille rouge noir classique bleu enfant.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Matière douce, facile à nettoyer &amp; durable.</p>', 100001924, 500002756, 1, false),
	(53, 'Cartes livraison jeu pratique blanc cartes - 42 x 35', 'Société enfant cartes modèle cadeau bleu livraison.<br />Modèle dit "premium", finition soignée.', 100001961, 500002809, 1, false),
	(54, 'Cm biographie idéal - 46 x 34', '<p>Idéal haute classique guide couleur rouge.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p>', 100001998, 500002862, 1, false),
	(55, 'Art lot couleur philosophie état guide modèle pièces - 42 x 10', '<p>Adulte idéal bleu idéal adulte avec style biographie adulte.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p>', 100002035, 500002915, 1, false),
	(56, 'Modèle adulte moteur - 5 x 22', NULL, 100002072, 500002968, 1, false),
	(57, 'Rouge qualité france console jeu avec taille - 99 x 36', '<p>Résistant édition grand japonaise console.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p>', 100002109, 500003021, 1, false),
	(58, 'Classique peluche série qualité adulte dinosaure rouge - 44 x 21', 'Taille nouveau nouveau léger musical cadeau jouet noir.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.<br />Attention : ne convient pas aux enfants de moins de 3 ans.', 100002146, 500003074, 1, false),
	(59, 'Volant petit état câble série adaptateur rouge qualité - 66 x 27', NULL, 100002183, 500003127, 1, false),
	(60, 'Idéal jeu édition cadeau - 96 x 27', '<p>Taille grand rouge modèle haute noir haute jeu couleur jeu grand.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p>', 100002220, 500003180, 1, false),
	(61, 'Tuyau qualité tondeuse arrosage livraison état - 61 x 5', 'État livraison taille papier lot cahier résistant avec lot pratique classeur. Idéal pour offrir à Noël ou pour un anniversaire.', 100002257, 500003233, 1, false),
	(62, 'Horloge led état qualité blanc résistant original led - 16 x 28', 'Grand grand confort moderne.<br />L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.', 100002294, 500003286, 1, false),
	(63, 'Avec modèle bandes - 73 x 16', NULL, 100002331, 500003339, 1, false),
	(64, 'Noël haute sticker cadeau adulte - 59 x 9', '<p>Facile état échelle pratique robot.</p><p>Idéal pour offrir à Noël ou pour un anniversaire.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p><p>Modèle dit "premium", finition soignée.</p>', 100002368, 500003392, 1, false),
	(65, 'Avec couleur bleu nouveau moteur noir - 11 x 14', NULL, 100002405, 500003445, 1, false),
	(66, 'Étagère classique chaise taille modèle - 29 x 24', NULL, 100002442, 500003498, 1, false),
	(67, 'Bleu couleur état papier carnet pour noir - 5 x 21', 'Original original idéal grand modèle classeur série. Dimensions : 30 x 20 cm, poids 450 g. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.', 100002479, 500003551, 1, false),
	(68, 'Cartouche modèle console pour - 28 x 17', 'Taille grand version cadeau version petit qualité noir console cartouche.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 100002516, 500003604, 1, false),
	(69, 'France nouveau pièces tondeuse lame - 54 x 22', 'Musical enfant série dinosaure léger.<br />Garantie 2 ans, pièces et main-d''œuvre.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Dimensions : 30 x 20 cm, poids 450 g.', 100002553, 500003657, 1, false),
	(70, 'France noir noir litière taille - 54 x 21', 'Litière noir petit moderne pièces.<br />Modèle dit "premium", finition soignée.', 100002590, 500003710, 1, false),
	(71, 'Console pour nouveau facile console - 58 x 37', 'Grand modèle état adulte rouge série qualité noir idéal cadeau noir.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 100002627, 500003763, 1, false),
	(72, 'Dé adulte cadeau miniature pièces - 97 x 40', NULL, 100002664, 500003816, 1, false),
	(73, 'Taille pour essai bleu taille - 20 x 14', 'Idéal rouge ouvrage nouveau ouvrage adulte grand bleu art résistant facile couleur.<br />Neuf, jamais utilisé. Prix &lt; 20 &euro;.<br />Idéal pour offrir à Noël ou pour un anniversaire.<br />Modèle dit "premium", finition soignée.', 100002701, 500003869, 1, false),
	(74, 'Nouveau tiroir qualité meuble petit - 70 x 9', '<p>Résistant tiroir idéal série cadeau couleur noir petit léger taille original livraison.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p><p>Attention : ne convient pas aux enfants de moins de 3 ans.</p><p>Modèle dit "premium", finition soignée.</p>', 100002738, 500003922, 1, false),
	(75, 'Holographique taille taille qualité booster - 73 x 8', NULL, 100002775, 500003975, 1, false),
	(76, 'Original camion blanc peluche - 56 x 34', '<p>Original rouge état nouveau série.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Modèle dit "premium", finition soignée.</p>', 100002812, 500004028, 1, false),
	(77, 'Avec canapé blanc - 90 x 18', '<p>Pièces classique style pièces table livraison cadeau haute modèle modèle pièces bois.</p><p>Matière douce, facile à nettoyer &amp; durable.</p><p>Livré sous 48 h, emballage soigné.</p><p>Modèle dit "premium", finition soignée.</p>', 100002849, 500004081, 1, false),
	(78, 'Idéal style couleur fléchettes - 9 x 14', 'Avec rouge rouge chaussettes léger noir modèle. L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te. Attention : ne convient pas aux enfants de moins de 3 ans. Dimensions : 30 x 20 cm, poids 450 g.', 100002886, 500004134, 1, false),
	(79, 'Jouet jouet grand pratique pièces rouge - 74 x 2', NULL, 100002923, 500004187, 1, false),
	(80, 'Idéal couleur confort collection socle - 6 x 27', '<p>Grand rouge classique adulte grand collection.</p><p>Dimensions : 30 x 20 cm, poids 450 g.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p><p>Garantie 2 ans, pièces et main-d''œuvre.</p>', 100002960, 500004240, 2, false),
	(81, 'Peinture plateau lot lot armée - 9 x 14', NULL, 100002997, 500004293, 2, false),
	(82, 'Confort blanc pour blanc ouvrage - 90 x 16', '<p>Livraison grand art noir pièces guide nouveau rouge histoire bleu nouveau art pratique pratique.</p><p>Modèle dit "premium", finition soignée.</p><p>Neuf, jamais utilisé. Prix &lt; 20 &euro;.</p><p>Livré sous 48 h, emballage soigné.</p>', 100003034, 500004346, 2, false),
	(83, 'Rideau taille bleu pour - 45 x 39', '<p>Livraison rideau pièces adulte housse léger petit taie motif rideau idéal.</p><p>Livré sous 48 h, emballage soigné.</p>', 100003071, 500004399, 2, false),
	(84, 'Nouveau lot occasion rouge - 34 x 40', 'Qualité idéal complet pack cadeau couleur avec modèle qualité pièces état.
Matière douce, facile à nettoyer &amp; durable.
Modèle dit "premium", finition soignée.
Neuf, jamais utilisé. Prix &lt; 20 &euro;.', 100003108, 500004452, 2, false),
	(85, 'Grand bleu cm juin haute - 45 x 31', '<p>Idéal facile haute série haute avec état confort cadeau numéro bleu.</p><p>Modèle dit "premium", finition soignée.</p><p>Livré sous 48 h, emballage soigné.</p><p>L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.</p>', 100003145, 500004505, 2, false),
	(86, 'Grand style collier chien - 82 x 33', NULL, 100003182, 500004558, 3, false),
	(87, 'Blanc juin france pour modèle moderne - 88 x 16', 'Facile facile nouveau facile bleu qualité classique revue.
L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.
Modèle dit "premium", finition soignée.
Garantie 2 ans, pièces et main-d''œuvre.', 100003219, 500004611, 3, false),
	(88, 'Bloc bleu feuilles adulte - 40 x 17', NULL, 100003256, 500004664, 3, false),
	(89, 'Résistant niche harnais pratique idéal - 64 x 32', NULL, 100003293, 500004717, 3, false),
	(90, 'Modèle grand adulte poussette - 67 x 28', NULL, 100003330, 500004770, 3, false),
	(91, 'Pièces idéal pour cm roman - 60 x 4', NULL, 100003367, 500004823, 3, false),
	(92, 'Cadeau résistant gigoteuse poussette poussette - 31 x 28', NULL, 100003404, 500004876, 4, false),
	(93, 'Import édition grand confort pièces qualité pièces - 76 x 35', 'Pratique nouveau léger numéro.
Matière douce, facile à nettoyer &amp; durable.', 100003441, 500004929, 4, false),
	(94, 'Rétro cadeau mini mémoire léger - 33 x 4', 'Noir série avec go.<br />Modèle dit "premium", finition soignée.<br />Dimensions : 30 x 20 cm, poids 450 g.', 100003478, 500004982, 4, false),
	(95, 'Taille collection lot original bandes petit - 80 x 7', NULL, 100003515, 500005035, 4, false),
	(96, 'Chlore bâche filtre livraison nouveau - 25 x 17', NULL, 100003552, 500005088, 4, false),
	(97, 'Joueurs jeu série pratique pour - 59 x 31', 'Livraison petit moderne adulte résistant avec haute idéal blanc france pièces haute. Modèle dit "premium", finition soignée. Garantie 2 ans, pièces et main-d''œuvre. Idéal pour offrir à Noël ou pour un anniversaire.', 100003589, 500005141, 4, false);
INSERT INTO raw.y_train VALUES
	(0, 1300, 1),
	(1, 2582, 1),
	(2, 2280, 1),
	(3, 1302, 1),
	(4, 2583, 1),
	(5, 1301, 1),
	(6, 1281, 1),
	(7, 1140, 1),
	(8, 60, 1),
	(9, 2583, 1),
	(10, 1300, 1),
	(11, 1940, 1),
	(12, 2583, 1),
	(13, 1560, 1),
	(14, 1300, 1),
	(15, 2280, 1),
	(16, 2582, 1),
	(17, 2060, 1),
	(18, 1920, 1),
	(19, 1320, 1),
	(20, 2585, 1),
	(21, 40, 1),
	(22, 1560, 1),
	(23, 1920, 1),
	(24, 2582, 1),
	(25, 1560, 1),
	(26, 1302, 1),
	(27, 1160, 1),
	(28, 1560, 1),
	(29, 2522, 1),
	(30, 2583, 1),
	(31, 2583, 1),
	(32, 1160, 1),
	(33, 2403, 1),
	(34, 1920, 1),
	(35, 1281, 1),
	(36, 1280, 1),
	(37, 2583, 1),
	(38, 2522, 1),
	(39, 2705, 1),
	(40, 10, 1),
	(41, 1280, 1),
	(42, 1320, 1),
	(43, 10, 1),
	(44, 2585, 1),
	(45, 1281, 1),
	(46, 2403, 1),
	(47, 2280, 1),
	(48, 2905, 1),
	(49, 2522, 1),
	(50, 2582, 1),
	(51, 1920, 1),
	(52, 1280, 1),
	(53, 1281, 1),
	(54, 2705, 1),
	(55, 2705, 1),
	(56, 1300, 1),
	(57, 40, 1),
	(58, 1280, 1),
	(59, 2705, 1),
	(60, 40, 1),
	(61, 2522, 1),
	(62, 2060, 1),
	(63, 2403, 1),
	(64, 2583, 1),
	(65, 1300, 1),
	(66, 2583, 1),
	(67, 2522, 1),
	(68, 40, 1),
	(69, 1280, 1),
	(70, 2220, 1),
	(71, 50, 1),
	(72, 1180, 1),
	(73, 2705, 1),
	(74, 1560, 1),
	(75, 1160, 1),
	(76, 1280, 1),
	(77, 1560, 1),
	(78, 1301, 1),
	(79, 1280, 1),
	(80, 1140, 2),
	(81, 1180, 2),
	(82, 2705, 2),
	(83, 1920, 2),
	(84, 2462, 2),
	(85, 2280, 2),
	(86, 2585, 3),
	(87, 2280, 3),
	(88, 2522, 3),
	(89, 2220, 3),
	(90, 1320, 3),
	(91, 10, 3),
	(92, 1320, 4),
	(93, 2280, 4),
	(94, 60, 4),
	(95, 2403, 4),
	(96, 2583, 4),
	(97, 2280, 4);
SELECT pg_catalog.setval('raw.data_loads_id_seq', 4, true);
ALTER TABLE ONLY intermediate.audits
    ADD CONSTRAINT audits_pkey PRIMARY KEY (invocation_id);
ALTER TABLE ONLY intermediate.build_at_work
    ADD CONSTRAINT build_at_work_pkey PRIMARY KEY (only_row);
ALTER TABLE ONLY marts.class_distribution_by_batch
    ADD CONSTRAINT class_distribution_by_batch_pkey PRIMARY KEY (load_batch_id, prdtypecode);
ALTER TABLE ONLY marts.class_distribution
    ADD CONSTRAINT class_distribution_pkey PRIMARY KEY (prdtypecode);
ALTER TABLE ONLY marts.current_data_state
    ADD CONSTRAINT current_data_state_pkey PRIMARY KEY (load_batch_id);
ALTER TABLE ONLY marts.data_loads
    ADD CONSTRAINT data_loads_pkey PRIMARY KEY (id);
ALTER TABLE ONLY marts.data_quality_by_batch
    ADD CONSTRAINT data_quality_by_batch_pkey PRIMARY KEY (load_batch_id);
ALTER TABLE ONLY marts.labels
    ADD CONSTRAINT labels_pkey PRIMARY KEY (productid);
ALTER TABLE ONLY marts.product_categories
    ADD CONSTRAINT product_categories_prdtypecode_primary_key PRIMARY KEY (prdtypecode);
ALTER TABLE ONLY marts.product_folds
    ADD CONSTRAINT product_folds_pkey PRIMARY KEY (productid);
ALTER TABLE ONLY marts.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (productid);
ALTER TABLE ONLY marts.training_examples
    ADD CONSTRAINT training_examples_pkey PRIMARY KEY (productid);
ALTER TABLE ONLY raw.data_loads
    ADD CONSTRAINT data_loads_pkey PRIMARY KEY (id);
ALTER TABLE ONLY raw.product_images
    ADD CONSTRAINT product_images_pkey PRIMARY KEY (productid, load_batch_id);
ALTER TABLE ONLY raw.x_train
    ADD CONSTRAINT x_train_pkey PRIMARY KEY (row_number, load_batch_id);
ALTER TABLE ONLY raw.y_train
    ADD CONSTRAINT y_train_pkey PRIMARY KEY (row_number, load_batch_id);
CREATE INDEX ON marts.product_folds USING btree (load_batch_id);
CREATE INDEX ON marts.training_examples USING btree (load_batch_id);
CREATE INDEX ON marts.labels USING btree (load_batch_id);
CREATE INDEX ON marts.products_history USING btree (load_batch_id);
CREATE INDEX ON marts.products USING btree (load_batch_id);
CREATE INDEX ON marts.labels_history USING btree (load_batch_id);
CREATE UNIQUE INDEX ad1437870084e6fb2d2e18e10e04dbf7 ON marts.labels_history USING btree (productid, valid_to);
CREATE INDEX ON marts.product_folds USING btree (text_digest);
CREATE UNIQUE INDEX e2759975e8482950bc59cded206d0467 ON marts.products_history USING btree (productid, valid_to);
CREATE UNIQUE INDEX data_loads_batch_name_key ON raw.data_loads USING btree (batch_name) WHERE (status = ANY (ARRAY['running'::text, 'completed'::text]));
CREATE INDEX x_train_load_batch_id_idx ON raw.x_train USING btree (load_batch_id);
CREATE INDEX x_train_productid_idx ON raw.x_train USING btree (productid);
ALTER TABLE ONLY marts.labels
    ADD CONSTRAINT labels_productid_fkey FOREIGN KEY (productid) REFERENCES marts.products(productid) ON DELETE CASCADE;
ALTER TABLE ONLY marts.training_examples
    ADD CONSTRAINT training_examples_productid_fkey FOREIGN KEY (productid) REFERENCES marts.products(productid) ON DELETE CASCADE;
GRANT USAGE ON SCHEMA marts TO analyst;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA raw TO transformer;
GRANT SELECT ON TABLE raw.data_loads TO transformer;
GRANT SELECT ON TABLE raw.product_images TO transformer;
GRANT SELECT ON TABLE raw.x_train TO transformer;
GRANT SELECT ON TABLE raw.y_train TO transformer;
GRANT SELECT ON TABLE marts.class_distribution TO analyst;
GRANT SELECT ON TABLE marts.class_distribution_by_batch TO analyst;
GRANT SELECT ON TABLE marts.current_data_state TO analyst;
GRANT SELECT ON TABLE marts.data_loads TO analyst;
GRANT SELECT ON TABLE marts.data_quality_by_batch TO analyst;
GRANT SELECT ON TABLE marts.labels TO analyst;
GRANT SELECT ON TABLE marts.labels_history TO analyst;
GRANT SELECT ON TABLE marts.product_categories TO analyst;
GRANT SELECT ON TABLE marts.product_folds TO analyst;
GRANT SELECT ON TABLE marts.products TO analyst;
GRANT SELECT ON TABLE marts.products_history TO analyst;
GRANT SELECT ON TABLE marts.training_examples TO analyst;
ALTER DEFAULT PRIVILEGES FOR ROLE loader IN SCHEMA raw GRANT SELECT ON TABLES TO transformer;
