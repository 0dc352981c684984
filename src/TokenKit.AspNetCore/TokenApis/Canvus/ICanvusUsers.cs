namespace TokenKit.AspNetCore.TokenApis.Canvus;

/// <summary>Says which users there are. A host implements it so that an administrator who asks for a user that does not exist is told so.</summary>
/// <remarks>
/// It is resolved from the services of each request, so it may have scoped dependencies. Register it with
/// <c>services.AddScoped&lt;ICanvusUsers, …&gt;()</c>. Without one, every user exists. It is asked only about users whose tokens the caller
/// may manage: everybody else learns nothing from it.
/// </remarks>
public interface ICanvusUsers
{
    /// <summary>Whether there is a user.</summary>
    /// <param name="realm">The realm of the API that is called.</param>
    /// <param name="userId">The user's number; its decimal digits are the subject of the user's tokens.</param>
    /// <param name="cancellationToken">The request was given up.</param>
    ValueTask<bool> ExistsAsync(string realm, long userId, CancellationToken cancellationToken);
}
