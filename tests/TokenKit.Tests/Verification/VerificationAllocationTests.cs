using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TokenKit.Format;
using TokenKit.Stores;
using TokenKit.TestKit;

namespace TokenKit.Tests.Verification;

/// <summary>Verifying allocates nothing where neither a read nor a hash is needed. The child process has nobody who listens to meters and activities.</summary>
[TestClass]
public sealed class VerificationAllocationTests
{
    private const string Realm = "api";
    private const int Verifications = 1000;

    [TestMethod]
    public Task Verifications_AThousandWithoutReadAndHash_AllocateNothing() => ChildProcess.RunAsync(["verification"], "DOTNET_TieredCompilation");

    /// <summary>Runs in the child process.</summary>
    internal static void Work()
    {
        var store = new InMemoryTokenStore();
        using IHost former = Start(store, new Argon2Parameters(memoryKiB: 47104, iterations: 1, parallelism: 1));
        string stronger = Issue(former).Plaintext.Reveal();
        using IHost host = Start(store, Argon2Parameters.Default);
        ApiTokens tokens = host.Services.GetRequiredService<ApiTokens>();
        IssueResult.Issued issued = Issue(host);
        string text = issued.Plaintext.Reveal();
        string forged = TokenText.Write("acme", issued.Token.Id, new byte[TokenText.SecretBytes]);

        MeasureAll();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        long heard = 0;
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => heard += value);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => heard++);
        listener.Start();
        MeasureAll();
        Assert.IsGreaterThan(4 * Verifications, heard);

        void MeasureAll()
        {
            Measure<VerificationResult.Valid>(tokens, text);
            Measure<VerificationResult.Valid>(tokens, stronger);
            Measure<VerificationResult.Refused>(tokens, forged);
            Measure<VerificationResult.Refused>(tokens, "garbage");
            Measure<VerificationResult.Refused>(tokens, text + "x");
            Measure<VerificationResult.Refused>(tokens, text[..^1] + (text[^1] == 'x' ? 'y' : 'x'));
        }
    }

    private static IHost Start(ITokenStore store, Argon2Parameters parameters)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddTokenKit()
            .UseStore(_ => store)
            .ConfigureHashing(options => options.Parameters = parameters)
            .AddRealm(Realm, realm =>
            {
                realm.Prefix = "acme";
                realm.MaximumRevocationDelay = TimeSpan.FromHours(1);
            });
        IHost host = builder.Build();
        host.StartAsync().GetAwaiter().GetResult();
        return host;
    }

    private static IssueResult.Issued Issue(IHost host)
    {
        ApiTokens tokens = host.Services.GetRequiredService<ApiTokens>();
        return (IssueResult.Issued)tokens.IssueAsync(new IssueRequest(Realm) { Subject = "1000", Name = "CI" }).GetAwaiter().GetResult();
    }

    private static void Measure<T>(ApiTokens tokens, string text)
    {
        for (int i = 0; i < 2; i++)
        {
            Assert.IsInstanceOfType<T>(tokens.VerifyAsync(Realm, text).AsTask().GetAwaiter().GetResult());
        }

        bool atOnce = true;
        long allocated = Allocations.LeastOf(() =>
        {
            for (int i = 0; i < Verifications; i++)
            {
                atOnce &= IsDone(tokens.VerifyAsync(Realm, text));
            }
        });

        Assert.AreEqual(0, allocated, typeof(T).Name);
        Assert.IsTrue(atOnce, typeof(T).Name);
    }

    private static bool IsDone(ValueTask<VerificationResult> verifying) => verifying.IsCompletedSuccessfully;
}
