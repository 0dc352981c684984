# The curl lines of the published page "Access tokens" of the VirtuousAI API reference, in its order. What follows is that page's, character
# by character, but for the line breaks after a backslash, which the text of the page has lost.
curl -X GET "https://loading/api/v1/access-tokens"
curl -X POST "https://loading/api/v1/access-tokens" \
 -H "Content-Type: application/json" \
 -d '{ "name": "string" }'
curl -X DELETE "https://loading/api/v1/access-tokens"
curl -X GET "https://loading/api/v1/access-tokens/497f6eca-6276-4993-bfeb-53cbbbba6f08"
curl -X DELETE "https://loading/api/v1/access-tokens/497f6eca-6276-4993-bfeb-53cbbbba6f08"
