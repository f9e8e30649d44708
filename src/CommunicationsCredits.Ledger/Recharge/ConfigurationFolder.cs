namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>
/// The user's configuration on this machine: what must not be in a ledger, because whoever can write a shared ledger could then
/// run programs elsewhere. Only its owner can write it, and files that others can write are refused.
/// </summary>
internal sealed class ConfigurationFolder(string? path)
{
    private readonly string _path = path ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "CommunicationsCredits");

    public string PathOf(string name) => Path.Combine(_path, name);

    /// <summary>The file's content, or null without one.</summary>
    /// <exception cref="CreditException"><c>GatewayInvalid</c>: others than its owner can write it, or it cannot be read.</exception>
    public static byte[]? Read(string file)
    {
        try
        {
            if (!File.Exists(file))
                return null;
            if (!OperatingSystem.IsWindows() && (IsOpenToOthers(file) || IsOpenToOthers(Path.GetDirectoryName(file)!)))
            {
                throw Refused(
                    file, "others than its owner can write it, or its folder. Look at what it says, then run 'chmod go-w' on both");
            }

            return File.ReadAllBytes(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Refused(file, problem.Message);
        }
    }

    /// <summary>Replaces the file whole, or leaves it as it was.</summary>
    public void Write(string file, byte[] content)
    {
        var draft = $"{file}.{Guid.NewGuid():N}";
        try
        {
            WriteNew(draft, content);
            File.Move(draft, file, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Refused(file, problem.Message);
        }
    }

    /// <summary>Creates the file, unless another process has done so meanwhile.</summary>
    public void Create(string file, byte[] content)
    {
        var draft = $"{file}.{Guid.NewGuid():N}";
        try
        {
            WriteNew(draft, content);
            try
            {
                File.Move(draft, file, overwrite: false);
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(draft);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Refused(file, problem.Message);
        }
    }

    private static CreditException Refused(string file, string reason) =>
        new(CreditErrorId.GatewayInvalid, $"The configuration '{file}' is not used: {reason}.", file);

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool IsOpenToOthers(string path) =>
        (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None;

    private void WriteNew(string file, byte[] content)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_path);
        else
            Directory.CreateDirectory(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(content);
    }
}
