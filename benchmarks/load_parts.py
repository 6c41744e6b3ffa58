"""Measure the loader on a fixed slice, a correction and a folder of images.

    python benchmarks/load_parts.py CATALOGUE [CATALOGUE10 …] [--rounds 5]

Each command runs as a process of its own, start included, in a throw-away embedded
server with 40 % loaded. Prints median seconds and the largest resident memory (MB).
A week of 2,547 rows is taken from each catalogue, however large its files. The correction
changes the first product's text; the images are empty files, one for each product.
"""

import argparse
import csv
import shutil
import statistics
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from load import Bench, Measure, count, run

from warehouse import embedded

SLICE = 2_547
BEGUN = Decimal(40)


def fixed_slice(bench: Bench) -> Measure:
    """Load about SLICE rows on top of 40 %."""
    share = Decimal(100 * SLICE) / count(bench.catalogue)
    bench.reset()
    bench.loader(BEGUN)
    return bench.loader(BEGUN + round(share, 2))


def correction(bench: Bench) -> Measure:
    """Change one product that is loaded, and reconcile."""
    bench.reset()
    bench.loader(BEGUN)
    # What dbt would have built: reconcile refuses a batch that is not in the history.
    bench.sql(
        "create table if not exists marts.products_history (load_batch_id bigint)"
    )
    bench.sql("grant select on marts.products_history to transformer")
    bench.sql("insert into marts.products_history select max(id) from raw.data_loads")
    corrected = bench.home / "corrected"
    corrected.mkdir(exist_ok=True)
    shutil.copyfile(bench.catalogue / "Y_train.csv", corrected / "Y_train.csv")
    with (
        (bench.catalogue / "X_train.csv").open("rb") as source,
        (corrected / "X_train.csv").open("wb") as target,
    ):
        target.write(source.readline())
        number, _, rest = source.readline().partition(b",")
        quote = b'"' if rest.startswith(b'"') else b""
        target.write(number + b"," + quote + b"corrected " + rest.removeprefix(quote))
        shutil.copyfileobj(source, target)
    environment = bench.environment | {"DATA_PATH": str(corrected)}
    return run([sys.executable, "-m", "loaders", "reconcile"], environment)


def with_images(bench: Bench) -> tuple[Measure, Measure]:
    """Load 40 % without and with a folder that holds every product's image."""
    folder = bench.home / "with-images"
    images = folder / "images" / "image_train"
    if not images.exists():
        images.mkdir(parents=True)
        for name in ("X_train.csv", "Y_train.csv"):
            (folder / name).symlink_to(bench.catalogue / name)
        with (folder / "X_train.csv").open(newline="") as file:
            for row in csv.DictReader(file):
                name = f"image_{row['imageid']}_product_{row['productid']}.jpg"
                (images / name).touch()
    bench.reset()
    without = bench.loader(BEGUN)
    bench.reset()
    bench.sql("truncate raw.product_images")
    environment = bench.environment | {"DATA_PATH": str(folder)}
    command = [sys.executable, "-m", "loaders", "load", "--percentage", str(BEGUN)]
    return without, run(command, environment)


def main() -> None:
    """Measure each catalogue and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("catalogues", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for catalogue in options.catalogues:
        found: dict[str, list[Measure]] = {}
        home = Path(tempfile.mkdtemp(prefix="bench-load-"))
        home.chmod(0o755)
        bench = Bench(catalogue.absolute(), home, None)
        try:
            for _ in range(options.rounds):
                found.setdefault("a fixed slice", []).append(fixed_slice(bench))
                found.setdefault("a correction", []).append(correction(bench))
                without, seen = with_images(bench)
                found.setdefault("40 %, no images", []).append(without)
                found.setdefault("40 %, images", []).append(seen)
        finally:
            embedded.stop(bench.settings)
            shutil.rmtree(home)
        print(f"\n{catalogue.name}: {count(catalogue):,} rows, {options.rounds} rounds")
        print(f"{'':16} {'median s':>9} {'MB':>7}")
        for name, measures in found.items():
            middle = statistics.median(measure.seconds for measure in measures)
            memory = max(measure.megabytes for measure in measures)
            print(f"{name:16} {middle:9.3f} {memory:7.0f}", flush=True)


if __name__ == "__main__":
    main()
