# SPDX-License-Identifier: GPL-3.0-or-later
# release_cdf.gp - what share of the consignments is released within which time, a line a system.
#
#   gnuplot -c release_cdf.gp IN.tsv OUT.svg [INTERVAL]      (or OUT.png)
#
# Columns of IN.tsv: system, hours, share (rising to 1), quantile (0.5 and 0.9 where the line passes
# them, else 0). The time axis ends where the slowest system has released all but 5 %, so that
# a long tail does not press the rest against the edge.

if (ARGC < 2) {
    print "usage: gnuplot -c release_cdf.gp IN.tsv OUT.svg|OUT.png [INTERVAL]"
    exit status 2
}
interval = ARGC >= 3 ? ARG3 : "release_time"

set datafile separator tab

# One pass over the file: the systems in their order, their marks, and the end of the axis.
end_h = 0.0; count = 0
array name[64]; array half[64]; array ninety[64]
visit(s, h, share, q) = ( \
    (count == 0 || name[count] ne s) \
        ? (count = count + 1, name[count] = s, half[count] = 0, ninety[count] = 0) : 0, \
    q == 0.5 ? (half[count] = h) : 0, \
    q == 0.9 ? (ninety[count] = h) : 0, \
    (share <= 0.95 && h > end_h) ? (end_h = h) : 0, 0)
set table $ignored
plot ARG1 using (visit(stringcolumn("system"), column("hours"), column("share"), \
                       column("quantile"))) with table
unset table

# Days where hours would have three digits and more, minutes where they would be fractions.
unit = end_h > 240 ? 24.0 : end_h > 2 ? 1.0 : end_h > 0.03 ? 1/60.0 : 1/3600.0
unit_name = unit == 24 ? "d" : unit == 1 ? "h" : unit == 1/60.0 ? "min" : "s"
end = end_h > 0 ? end_h / unit : 1

is_png = ARG2[strlen(ARG2)-3:*] eq ".png"
if (is_png) {
    set terminal pngcairo noenhanced size 1800,(1040 + 52 * count) linewidth 2 pointscale 2 \
        font "DejaVu Sans,27"
} else {
    set terminal svg noenhanced size 900,(520 + 26 * count) font "DejaVu Sans,14" \
        background "white"
}
set output ARG2

plain(s) = strstrt(s, "_") == 0 ? s : plain(s[1:strstrt(s, "_")-1] . " " . s[strstrt(s, "_")+1:*])
figure(h) = sprintf(h / unit < 9.95 ? "%.1f" : "%.0f", h / unit)
short(s) = strlen(s) > 32 ? s[1:30] . "…" : s
entry(i) = sprintf("%s:  half within %s %s, 90 %% within %s %s", short(plain(name[i])), \
                   figure(half[i]), unit_name, figure(ninety[i]), unit_name)

# Okabe and Ito's colours, told apart by all; the dash tells lines apart in print.
array colour[8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", \
                   "#E69F00", "#56B4E9", "#000000", "#999999"]
of(i) = colour[(i - 1) % 8 + 1]
dash(i) = (i - 1) / 8 % 4 + 1

title_text = interval[1:7] eq "release" ? "How long until release" : "How long: " . plain(interval)
set title title_text font (is_png ? ",35" : ",18") offset 0,0.4
set xlabel " " # room between the axis and the key
set format x "%g " . unit_name
set ylabel "share of consignments" offset 0.5,0
set xrange [0:end]
set yrange [0:1]
set format y "%.0f %%"
set ytics nomirror scale 0 \
    ("0 %%" 0, "25 %%" 0.25, "50 %%" 0.5, "75 %%" 0.75, "90 %%" 0.9, "100 %%" 1)
set xtics nomirror scale 0.5 out
if (unit == 1 && end > 30) { step = end > 120 ? 24 : 12; set xtics step }
set border 1 lc rgb "#666666"
set grid ytics lc rgb "#dddddd" lt 1 lw 0.8
set key below left Left reverse samplen 2.5 spacing 1.25 maxcols 1

of_line(i) = stringcolumn("system") eq name[i]
is_mark(i) = of_line(i) && column("quantile") > 0
x(yes) = yes ? column("hours") / unit : NaN
plot for [i=1:count] ARG1 using (x(of_line(i))):(column("share")) \
         with lines lw 2.4 lc rgb of(i) dt dash(i) title entry(i), \
     for [i=1:count] ARG1 using (x(is_mark(i))):(column("share")) \
         with points pt 7 ps 0.9 lc rgb of(i) notitle
