# SPDX-License-Identifier: GPL-3.0-or-later
# party_time.gp - whose time the mean release time is: a bar a system, a piece a party.
#
#   gnuplot -c party_time.gp IN.tsv OUT.svg [INTERVAL]      (or OUT.png)
#
# Columns of IN.tsv: system, party, from_hours, to_hours: the pieces of a bar from left to right.

if (ARGC < 2) {
    print "usage: gnuplot -c party_time.gp IN.tsv OUT.svg|OUT.png [INTERVAL]"
    exit status 2
}
interval = ARGC >= 3 ? ARG3 : "release_time"

set datafile separator tab

end_h = 0.0; system_count = 0; party_count = 0
array name[64]; array total[64]; array party[64]
party_index(p) = sum [i=1:party_count] (party[i] eq p ? i : 0)
visit(s, p, from, to) = ( \
    (system_count == 0 || name[system_count] ne s) \
        ? (system_count = system_count + 1, name[system_count] = s) : 0, \
    total[system_count] = to, \
    (party_count == 0 || party_index(p) == 0) \
        ? (party_count = party_count + 1, party[party_count] = p) : 0, \
    to > end_h ? (end_h = to) : 0, 0)
set table $ignored
plot ARG1 using (visit(stringcolumn("system"), stringcolumn("party"), column("from_hours"), \
                       column("to_hours"))) with table
unset table

is_png = ARG2[strlen(ARG2)-3:*] eq ".png"
rows = system_count < 3 ? 3 : system_count
if (is_png) {
    set terminal pngcairo noenhanced size 1800,(500 + 150 * rows) linewidth 2 \
        font "DejaVu Sans,27"
} else {
    set terminal svg noenhanced size 900,(250 + 75 * rows) font "DejaVu Sans,14" \
        background "white"
}
set output ARG2

unit = end_h > 240 ? 24.0 : end_h > 2 ? 1.0 : end_h > 0.03 ? 1/60.0 : 1/3600.0
unit_name = unit == 24 ? "d" : unit == 1 ? "h" : unit == 1/60.0 ? "min" : "s"
end = end_h > 0 ? end_h / unit : 1

plain(s) = strstrt(s, "_") == 0 ? s : plain(s[1:strstrt(s, "_")-1] . " " . s[strstrt(s, "_")+1:*])
short(s) = strlen(s) > 20 ? s[1:18] . "…" : s
# Both ends are rounded, so that the figures in a bar add up to the one behind it.
scale = end < 20 ? 10.0 : 1.0
rounded(h) = floor(h / unit * scale + 0.5) / scale
figure(from, to) = sprintf(scale > 1 ? "%.1f" : "%.0f", rounded(to) - rounded(from))
row_of(s) = sum [i=1:system_count] (name[i] eq s ? i : 0)

# Paul Tol's light scheme: told apart by the colour-blind, and black text on it is legible.
array colour[9] = ["#77AADD", "#EE8866", "#EEDD88", "#44BB99", "#FFAABB", \
                   "#99DDFF", "#BBCC33", "#AAAA00", "#DDDDDD"]
of(i) = colour[(i - 1) % 9 + 1]

until = interval[1:7] eq "release" ? "until release" : "in " . plain(interval)
set title "Whose time passes " . until . ", on average" font (is_png ? ",33" : ",17") offset 0,0.2
set xlabel " " # room between the axis and the key
set format x "%g " . unit_name
set xrange [0:end * 1.1]
set yrange [system_count + 0.6:0.4]
set ytics nomirror scale 0 ("" 0)
do for [i=1:system_count] { set ytics add (short(plain(name[i])) i) }
set xtics nomirror scale 0.5 out
if (unit == 1 && end > 30) { step = end > 120 ? 24 : 12; set xtics step }
set border 1 lc rgb "#666666"
set key below center Left reverse samplen 1 spacing 1.25 maxcols 4
set style fill solid 1.0 border rgb "#ffffff"

piece(k) = stringcolumn("party") eq party[k] ? column("from_hours") / unit : NaN
hours(name) = column(name) / unit
row(name) = row_of(stringcolumn(name))
in_bar(from, to) = (to - from) / unit > 0.06 * end ? figure(from, to) : ""
plot for [k=1:party_count] ARG1 \
         using (piece(k)):(row("system")):(hours("from_hours")):(hours("to_hours")) \
               :(row("system") - 0.32):(row("system") + 0.32) \
         with boxxyerror lc rgb of(k) title plain(party[k]), \
     ARG1 using ((hours("from_hours") + hours("to_hours")) / 2):(row("system")) \
                :(in_bar(column("from_hours"), column("to_hours"))) \
         with labels notitle, \
     for [i=1:system_count] "+" using (total[i] / unit):(i):("  " . figure(0, total[i])) \
         every ::0::0 with labels left notitle
