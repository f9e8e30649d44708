using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports.Page;

/// <summary>
/// A line over time. The drawing stretches with the page, so it holds no text: what is written beside it stays as large as all other
/// text, on a telephone too.
/// </summary>
internal sealed class TimeChart
{
    private const int Side = 1000;
    private const int MostPoints = 400;
    private const int WantedMarks = 4;

    private readonly Instant _from;
    private readonly Instant _to;
    private readonly List<(Instant At, decimal Value)> _points = [];
    private readonly List<(Instant At, string Text)> _expiries = [];

    public TimeChart(Instant from, Instant to)
    {
        _from = from;
        _to = to > from ? to : from.Next;
    }

    /// <summary>What the drawing's ids begin with: no two in a page may be the same.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>What the drawing shows, for those who do not see it.</summary>
    public required string Description { get; init; }

    /// <summary>Whether a value holds until the next; otherwise the line goes straight to it.</summary>
    public bool IsStepped { get; init; }

    /// <summary>Whether what it shows has not happened yet.</summary>
    public bool IsForecast { get; init; }

    public void Add(Instant at, decimal value) => _points.Add((at, value));

    /// <summary>Marks an expiry.</summary>
    public void AddExpiry(Instant at, string text) => _expiries.Add((at, text));

    public void Write(HtmlWriter html)
    {
        var values = _points.Select(point => point.Value).DefaultIfEmpty(0).ToList();
        var marks = Marks(Math.Min(0, values.Min()), Math.Max(0, values.Max()));
        decimal low = marks[0], high = marks[^1];
        string Y(decimal value) => Number(high == low ? Side : (high - value) / (high - low) * Side);

        html.Write($"<div class=\"chart\"><div class=\"y\" aria-hidden=\"true\" style=\"width:{marks.Max(mark => ReportText.Mark(mark).Length) + (low < 0 ? 0.6m : 0)}ch\">");
        foreach (var mark in marks)
            html.Write($"<span style=\"top:{Percent((high - mark) / (high - low))}\">{ReportText.Mark(mark)}</span>");
        html.Write($"</div><div class=\"plot\"><svg viewBox=\"0 0 {Side} {Side}\" preserveAspectRatio=\"none\" role=\"img\" ");
        html.Write($"aria-labelledby=\"{Id}-t {Id}-d\"><title id=\"{Id}-t\">{Title}</title><desc id=\"{Id}-d\">{Description}</desc>");
        foreach (var mark in marks)
            html.Write($"<line class=\"{(mark == 0 ? "zero" : "grid")}\" x1=\"0\" x2=\"{Side}\" y1=\"{Y(mark)}\" y2=\"{Y(mark)}\"/>");
        if (_points.Count > 0)
        {
            var line = Line(Y);
            var area = $"M{X(_points[0].At)} {Y(0)}{line}L{X(_points[^1].At)} {Y(0)}Z";
            html.Write($"<clipPath id=\"{Id}-c\"><rect width=\"{Side}\" height=\"{Y(0)}\"/></clipPath><path class=\"area\" clip-path=\"url(#{Id}-c)\" d=\"{area}\"/>");
            if (low < 0)
                html.Write($"<clipPath id=\"{Id}-e\"><rect y=\"{Y(0)}\" width=\"{Side}\" height=\"{Side}\"/></clipPath><path class=\"area debt\" clip-path=\"url(#{Id}-e)\" d=\"{area}\"/>");
            html.Write($"<path class=\"line{(IsForecast ? " forecast" : "")}\" d=\"M{line[1..]}\"/>");
        }

        foreach (var (at, text) in _expiries)
            html.Write($"<line class=\"expiry\" x1=\"{X(at)}\" x2=\"{X(at)}\" y1=\"0\" y2=\"{Side}\"><title>{text}</title></line>");
        html.WriteMarkup("</svg></div><div class=\"x\" aria-hidden=\"true\">");
        foreach (var at in Dates())
            html.Write($"<span style=\"left:{Percent(Share(at))}\">{ReportText.Day(at)}</span>");
        html.WriteMarkup("</div></div>");
    }

    /// <summary>Where an axis is marked: 1, 2 or 5 times a power of ten apart, from at or below the least to at or above the most.</summary>
    public static IReadOnlyList<decimal> Marks(decimal least, decimal most)
    {
        if (most <= least)
            most = least + 1;
        decimal step = 0.000001m;
        while ((most - least) / step > WantedMarks)
        {
            decimal two = step * 2, five = step * 5;
            step = (most - least) / two <= WantedMarks ? two : (most - least) / five <= WantedMarks ? five : step * 10;
        }

        var marks = new List<decimal>();
        for (var mark = Math.Floor(least / step) * step; ; mark += step)
        {
            marks.Add(mark);
            if (mark >= most)
                return marks;
        }
    }

    private string Line(Func<decimal, string> y)
    {
        // Of very many points some tell as much; those around an expiry are kept.
        var every = Math.Max(1, _points.Count / MostPoints);
        var line = new System.Text.StringBuilder();
        string? before = null;
        for (var i = 0; i < _points.Count; i++)
        {
            var (at, value) = _points[i];
            var isKept = i % every == 0 || i == _points.Count - 1 || _points[i + 1].At == at || (i > 0 && _points[i - 1].At == at);
            if (!isKept)
                continue;
            if (IsStepped && before is not null)
                line.Append(CultureInfo.InvariantCulture, $"L{X(at)} {before}");
            line.Append(CultureInfo.InvariantCulture, $"L{X(at)} {before = y(value)}");
        }

        return line.ToString();
    }

    private IEnumerable<Instant> Dates()
    {
        yield return _from;
        foreach (var between in new[] { 1, 2 })
            yield return new(_from.Ticks + ((_to.Ticks - _from.Ticks) / 3 * between));
        yield return _to.Previous;
    }

    private decimal Share(Instant at) => Math.Clamp((decimal)(at.Ticks - _from.Ticks) / (_to.Ticks - _from.Ticks), 0, 1);

    private string X(Instant at) => Number(Share(at) * Side);

    private static string Number(decimal value) => decimal.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Percent(decimal share) => $"{Number(100 * share)}%";
}
