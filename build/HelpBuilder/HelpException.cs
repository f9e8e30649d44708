namespace HelpBuilder;

/// <summary>A page that help cannot be made of; the message is one that MSBuild shows as an error of that file and line.</summary>
internal sealed class HelpException(string file, int line, string reason) : Exception($"{file}({line}): error HELP001: {reason}");
