#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_result_readers.sh - goal: other people's programs open a result: h5py, h5dump, ncdump.
#
# Method: a short run; each reader must show what the program wrote: dimensions by name, units, and
# in h5py the same numbers by name. A reader that is not installed is named and left out; where none
# is, the test is skipped.
#
# usage: bash tests/golden/test_result_readers.sh PROGRAM
set -u
program=${1:?usage: test_result_readers.sh PROGRAM}
case $program in
/*) ;;
*) program=$PWD/$program ;;
esac
cd "$(dirname "$0")/../.." || exit 1
if [ ! -x "$program" ]; then
    echo "skipped: $program is not built"
    exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
result=$work/first.h5
tried=0 failed=0

fail() {
    echo "FAILED $1"
    failed=$((failed + 1))
}

"$program" run scenarios/experiments/first.yml --set replications=3 --set study.cohort=3d \
    --set study.warm_up=2d --quiet --out "$result" >"$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }

if command -v ncdump >/dev/null; then
    tried=$((tried + 1))
    ncdump -h "$result" >"$work/header" 2>&1 || fail "ncdump -h: $(head -3 "$work/header")"
    for line in 'point = 3 ;' 'row = 9 ;' 'double value(row, metric) ;' \
        'uint64 count(point, histogram, bucket) ;' 'int64 sum(point, series, bin) ;' \
        'int64 value(consignment, column) ;' 'bucket:units = "ns" ;' ':format_version = 1U ;'; do
        grep -qF -- "$line" "$work/header" || fail "ncdump -h does not show: $line"
    done
    ! grep -q phony "$work/header" || fail "ncdump -h finds a dimension without a name"
else
    echo "left out: ncdump is not installed (netcdf-bin)"
fi

if command -v h5dump >/dev/null; then
    tried=$((tried + 1))
    h5dump -d /point -d /metrics/value "$result" >"$work/dump" 2>&1 ||
        fail "h5dump: $(head -3 "$work/dump")"
    grep -q '(0): "paper", "single_window", "null"' "$work/dump" || fail "h5dump: names of points"
    grep -q 'DATASPACE  SIMPLE { ( 9, ' "$work/dump" || fail "h5dump: shape of metrics"
    h5dump "$result" >/dev/null 2>"$work/errors" || fail "h5dump: $(head -3 "$work/errors")"
else
    echo "left out: h5dump is not installed (hdf5-tools)"
fi

# The packaged Python first: it is the one that packaged h5py belongs to.
python=
for candidate in /usr/bin/python3 python3; do
    if "$candidate" -c 'import h5py' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -n "$python" ]; then
    tried=$((tried + 1))
    "$python" - "$result" <<'END' || fail "h5py"
import sys
import h5py

with h5py.File(sys.argv[1], "r") as f:
    names = list(f["metric"].asstr()[:])
    value = f["metrics/value"]
    assert [list(d.keys()) for d in value.dims] == [["row"], ["metric"]]
    assert [list(d.keys()) for d in f["histograms/count"].dims] == \
        [["point"], ["histogram"], ["bucket"]]
    assert value.shape == (9, len(names)) and len(set(names)) == len(names)
    assert list(f["replications/point"][:]) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert list(f["replications/replication"][:]) == [0, 1, 2] * 3
    parts = zip(*(f["metrics/" + part].asstr()[:] for part in
                  ("kind", "subject", "group", "statistic")))
    assert [".".join(p for p in four if p) for four in parts] == names
    # A count in the metrics is the count in the histogram of the same interval.
    for histogram, counts in zip(f["histogram"].asstr()[:], f["histograms/count"][0]):
        rows = value[0:3, names.index(histogram.rsplit(".", 1)[0] + ".count")]
        assert int(rows.sum()) == int(counts.sum()), histogram
    assert f["histograms/count"][:].sum() > 0
    assert (f["bucket"][1:] > f["bucket"][:-1]).all()
    assert "experiment: first" in f["resolved"].asstr()[()]
    assert set(f.attrs) >= {"format_version", "experiment", "version", "revision", "seed"}
END
else
    echo "left out: h5py is not installed (python3-h5py)"
fi

if [ $tried = 0 ]; then
    echo "skipped: none of ncdump, h5dump and h5py is installed"
    exit 77
fi
echo "$tried readers, $failed failures"
[ $failed = 0 ]
