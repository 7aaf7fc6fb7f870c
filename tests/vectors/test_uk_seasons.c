/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the table of British seasonal preferences is read as dated measures. Method: the number of
 * rows, and single rows of the file on the last and first days of their seasons. */
#include "core/base/units.h"
#include "sim/scenario/input_file.h"
#include "sim/scenario/tariff_file.h"
#include "tests/test.h"

#include <unistd.h>

/* The duty of the only measure that is found; "" for none. */
static const char *duty_on(const struct tariff *tariff, uint64_t code, const char *origin,
                           const char *date) {
    const struct measure *matches[8];
    struct error err = ERROR_INIT;
    struct schedule_query query = {.code = code, .origin = schedule_area(tariff, origin)};
    CHECK_INT(units_parse_date(date, &query.goods_day, (struct place){0}, &err), 0);
    int count = schedule_find(tariff, &query, matches, 8);
    return count == 1   ? tariff->duty_texts[matches[0]->duty]
           : count == 0 ? ""
                        : "several, or no such code";
}

int main(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const char *path = input_file_data_path(&arena, "tariff/uk/uk-seasonal-measures.csv");
    if (access(path, R_OK) != 0) {
        SKIP("the table of seasonal rates is not among the shared data");
    }
    const struct tariff *tariff =
        tariff_file_foreign(&arena, TARIFF_FILE_SEASONS,
                            SOURCE_DIR "/scenarios/tariffs/uk_seasons.yml", path, NULL, &err);
    CHECK_TEXT(err.text, "");
    if (tariff != NULL) {
        CHECK_INT(tariff->measure_count - 1, 317);
        /* AU,0702000000: 15/05..31/10 10.5 %, 01/11..14/05 6 % */
        CHECK_TEXT(duty_on(tariff, 702000000, "AU", "2026-05-14"), "6%");
        CHECK_TEXT(duty_on(tariff, 702000000, "AU", "2026-05-15"), "10.5%");
        CHECK_TEXT(duty_on(tariff, 702000000, "AU", "2026-10-31"), "10.5%");
        CHECK_TEXT(duty_on(tariff, 702000000, "AU", "2026-11-01"), "6%");
        CHECK_TEXT(duty_on(tariff, 702000000, "AU", "2028-02-29"), "6%");
        /* AU,0808108000: 01/01..31/03 3 %, 01/04..31/07 0 %, 01/08..31/12 6 % */
        CHECK_TEXT(duty_on(tariff, 808108000, "AU", "2026-03-31"), "3%");
        CHECK_TEXT(duty_on(tariff, 808108000, "AU", "2026-04-01"), "0%");
        CHECK_TEXT(duty_on(tariff, 808108000, "AU", "2026-12-31"), "6%");
        CHECK_TEXT(duty_on(tariff, 808108000, "VN", "2026-12-31"), "");
        const struct measure *first = &tariff->measures[1];
        CHECK(first->scheme != 0);
    }
    arena_free(&arena);
    return test_summary();
}
